"""What a user may see: one queryset filter that every list, choice, search, action and export passes (rules 10).

Each model names the way to its street in ``scope_path`` (or to its district, with ``scope_level``).
"""

from typing import Any, TypeVar

from django.db import models
from django.db.models import Q, QuerySet

from songshan_cw.words.terms import Position, RegionLevel, Role, RunState
from workers.models import STREET_ROLES, Change, Region, Standing, User

M = TypeVar("M", bound=models.Model)

DISTRICT_DIGITS = 6
STREET_DIGITS = 9


def visible(rows: QuerySet[M], user: Any) -> QuerySet[M]:
    """The rows this user may see; none for anybody without a role."""
    if not isinstance(user, User) or not user.is_active:
        return rows.none()
    if user.role == Role.ADMINISTRATOR:
        return rows
    return rows.filter(_region_filter(rows.model, user), _role_filter(rows.model, user))


def reaches(user: User, region_code: str) -> bool:
    """Whether a region lies in what the user is responsible for."""
    return user.is_active and (user.role == Role.ADMINISTRATOR or region_code.startswith(user.region_id or "-"))


def street_of(region_code: str) -> str:
    """The street's code of a street or community code."""
    return region_code[:STREET_DIGITS]


def district_of(region_code: str) -> str:
    return region_code[:DISTRICT_DIGITS]


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
    """The regions a code names and all below it: a range of codes, which any index on the column serves."""
    if not code.isdecimal():
        return Q(pk__in=())
    return Q(**{f"{path}__gte": code, f"{path}__lt": code_after(code)})


def code_after(code: str) -> str:
    """The next code of the same length: in whatever order a database sorts text, all below ``code`` come before it."""
    return f"{int(code) + 1:0{len(code)}d}"


def _role_filter(model: type[models.Model], user: User) -> Q:
    """Finance reads approved runs and budgets, the organisation department secretaries' records (rules 10.4)."""
    path: str = model.scope_path  # type: ignore[attr-defined]
    if user.role == Role.FINANCE and path.endswith("street") and model._meta.app_label == "payroll":
        prefix = path.removesuffix("street")
        if prefix or model._meta.model_name in {"payrollrun", "budget"}:
            return Q(**{f"{prefix}state": RunState.APPROVED.value})
    if user.role == Role.ORGANISATION and (path.endswith("standing__street") or model is Standing):
        return Q(**{path.removesuffix("street") + "position": Position.SECRETARY.value})
    if user.role == Role.ORGANISATION and model is Change:
        return Q(worker__standing__position=Position.SECRETARY.value)
    return Q()
