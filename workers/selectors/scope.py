"""What a user may see: one queryset filter for every list, choice, search, action and export (rules 10).

Each model names the path to its street in ``scope_path`` (or to its district, with ``scope_level``).
"""

from typing import Any, TypeVar

from django.core.cache import cache
from django.db import models
from django.db.models import Q, QuerySet

from songshan_cw.words.regions import DIGITS, district_of
from songshan_cw.words.terms import Position, RegionLevel, Role, RunState
from workers.models import STREET_ROLES, Change, Region, Standing, User

M = TypeVar("M", bound=models.Model)

DISTRICT_DIGITS = DIGITS[RegionLevel.DISTRICT]
STREET_DIGITS = DIGITS[RegionLevel.STREET]
KEPT_SECONDS = 600


def visible(rows: QuerySet[M], user: Any) -> QuerySet[M]:
    """Filter to the rows this user may see. Users without a role see none."""
    if not isinstance(user, User) or not user.is_usable:
        return rows.none()
    if user.role == Role.ADMINISTRATOR:
        return rows
    return rows.filter(_region_filter(rows.model, user), _role_filter(rows.model, user))


def reaches(user: User, region_code: str) -> bool:
    """Return whether a region belongs to the user's own."""
    return user.is_usable and (user.role == Role.ADMINISTRATOR or region_code.startswith(user.region_id or "-"))


def _region_filter(model: type[models.Model], user: User) -> Q:
    code = user.region_id or "-"
    if model is Region:
        return within("code", code)
    path: str = model.scope_path  # type: ignore[attr-defined]
    if getattr(model, "scope_level", RegionLevel.STREET) == RegionLevel.DISTRICT:
        return Q(**{path: district_of(code)})
    if user.role in STREET_ROLES:
        return Q(**{path: code})
    return within(path, code)


def within(path: str, code: str) -> Q:
    """Select a region and everything below it, as a range of codes that any index on the column serves."""
    if not code.isdecimal():
        return Q(pk__in=())
    return Q(**{f"{path}__gte": code, f"{path}__lt": code_after(code)})


def code_after(code: str) -> str:
    """Return the next code of the same length. Codes below ``code`` sort before it in any collation."""
    return f"{int(code) + 1:0{len(code)}d}"


def _role_filter(model: type[models.Model], user: User) -> Q:
    """Limit finance to approved pay and budgets, and the organisation department to secretaries (rules 10.4)."""
    path: str = model.scope_path  # type: ignore[attr-defined]
    if user.role == Role.FINANCE and path.endswith("street") and model._meta.app_label == "payroll":
        prefix = path.removesuffix("street")
        if prefix or model._meta.model_name in {"payrollrun", "budget", "performancebatch"}:
            return Q(**{f"{prefix}state": RunState.APPROVED.value})
    if user.role == Role.ORGANISATION and (path.endswith("standing__street") or model is Standing):
        return Q(**{path.removesuffix("street") + "position": Position.SECRETARY.value})
    if user.role == Role.ORGANISATION and model is Change:
        return Q(worker__standing__position=Position.SECRETARY.value)
    return Q()


def sees_more_than(user: User, most: int) -> bool:
    """Return whether the user's scope exceeds a number of people. Counts no further and caches the answer."""
    key = f"sees-more-than:{most}:{user.role}:{user.region_id}"
    known: bool | None = cache.get(key)
    if known is None:
        known = visible(Standing.objects.all(), user).order_by()[: most + 1].count() > most
        cache.set(key, known, KEPT_SECONDS)
    return known
