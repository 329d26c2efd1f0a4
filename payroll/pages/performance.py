"""Division of a street's performance pool: weights, preview and saving (rules 6)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone

from payroll.models import PersonalWeight
from payroll.pages.money import posted_number
from payroll.selectors import overview
from payroll.selectors.performance import (
    Claimed,
    Pool,
    Share,
    bounds_of,
    divided,
    months_in_pool,
    pool_of,
    years_with_pool,
)
from payroll.selectors.performance_batches import batches_of
from payroll.services.performance import LISTED, Personal, WrongWeights, save_weights, set_weight_bounds, wrong_numbers
from songshan_cw.data.refusal import Refused
from songshan_cw.files.table import WRAPPED, Column, Table
from songshan_cw.policy.readings import WEIGHT_BOUNDS
from songshan_cw.site.page import Page
from songshan_cw.site.parts import beside, faint, link
from songshan_cw.words.money import plain
from songshan_cw.words.regions import district_of
from songshan_cw.words.terms import RegionLevel, Result
from workers.models import Region

VIEW = "payroll.view_resultweight"
FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST = 12
NO_MONTHS = "还没有已审核的月份"


@dataclass(frozen=True, slots=True)
class Row:
    """``own`` and ``why`` are the field values. A fault marks its field."""

    claim: Claimed
    share: Share | None
    own: str
    why: str
    own_fault: str = ""
    why_fault: str = ""


STREETS = Table[tuple[Region, list[int]]](
    "各街道",
    (
        Column("街道", lambda row: row[0].name, names_row=True),
        Column(
            "年度",
            lambda row: "、".join(f"{year}年" for year in row[1]) or NO_MONTHS,
            WRAPPED,
            show=lambda row: beside(*(_year_link(row[0], year) for year in row[1])) or faint(NO_MONTHS),
        ),
    ),
    empty="还没有已审核的工资，没有绩效可分配。",
)


def _year_link(street: Region, year: int) -> str:
    return link(f"{year}年", reverse("admin:pay_performance_year", args=[year, street.pk]))


class PerformanceList(Page):
    """Streets × years with a pool."""

    permission = VIEW
    title = "绩效分配"
    template = "pages/performance/list.html"
    keeps_typed = True

    def get(self, request: HttpRequest) -> HttpResponse:
        newest = overview.latest_month(self.user)
        rows = overview.months_by_street(self.user, [newest]) if newest is not None else []
        streets = [row.street for row in rows]
        years = years_with_pool([street.code for street in streets])
        district = district_of(self.user.region_id or "")
        return self.show(
            streets=self.draw(STREETS, [(street, years.get(street.code, [])) for street in streets]),
            bounds=bounds_of(district) if district else None,
            sets_bounds=self.user.has_perm("payroll.change_weightbounds"),
            readings=(WEIGHT_BOUNDS,),
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        district = self.one(Region.objects.filter(level=RegionLevel.DISTRICT.value), code=self.user.region_id or "")
        least, most = (posted_number(request, *field) for field in (("least", "最低权重"), ("most", "最高权重")))
        set_weight_bounds(actor=self.user, district=district, least=least, most=most, at=timezone.now())
        messages.success(request, "权重范围已保存，街道设定权重时即按此核对。")
        return HttpResponseRedirect(request.path)


class PerformancePage(Page):
    """One street's year. Preview and final list use the same rule; only saved weights count."""

    permission = VIEW
    template = "pages/performance/sheet.html"

    def get(self, request: HttpRequest, year: int, street: str) -> HttpResponse:
        region = self.street(street, year)
        return self.drawn(pool_of(street=region, year=year))

    def drawn(self, pool: Pool, wrong: WrongWeights | None = None) -> HttpResponse:
        """Draw the stored sheet, or the user's input with the wrong fields marked."""
        region, year, typed = pool.street, pool.year, self.request.POST
        shares, fault = ({}, "") if wrong else _shares(pool)
        rows = [_row(claim, shares.get(claim.id_number), typed, wrong) for claim in pool.claims]
        rows.sort(key=lambda row: (row.claim.community_code, row.claim.id_number))  # as on the pay sheet
        return self.show(
            title=f"{region.name}{year}年绩效分配",
            street=region,
            year=year,
            years=years_with_pool([region.code]).get(region.code, []),
            months=months_in_pool(region, year),
            pool=pool,
            batches=batches_of(region, year),
            computes=self.user.has_perm("payroll.compute_performance"),
            bounds=bounds_of(region.code),
            rows=rows,
            fault=fault,
            unassessed=[row for row in rows if row.claim.result is None],
            edits=self.user.has_perm("payroll.change_resultweight"),
            weights=[
                (result, typed.get(f"weight-{result.name}", plain(weight)), wrong and wrong.results.get(result))
                for result, weight in ((result, pool.weights[result]) for result in Result)
            ],
            wrong=wrong,
        )

    def post(self, request: HttpRequest, year: int, street: str) -> HttpResponse:
        region = self.street(street, year)
        pool = pool_of(street=region, year=year)
        weights, people = _entered(request.POST, pool)
        try:
            changes = save_weights(
                actor=self.user, street=region, year=year, weights=weights, people=people, at=timezone.now()
            )
        except WrongWeights as wrong:
            messages.error(request, str(wrong))
            return self.drawn(pool, wrong)
        messages.success(request, f"已保存{len(changes)}处改动。" if changes else "没有改动。")
        return HttpResponseRedirect(request.path)

    def street(self, code: str, year: int) -> Region:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise Http404
        return self.one(Region.objects.filter(level=RegionLevel.STREET.value), code=code)


class PerformancePreview(PerformancePage):
    """Preview the division with unsaved input. Writes nothing."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, year: int, street: str) -> HttpResponse:
        pool = pool_of(street=self.street(street, year), year=year)
        weights, people = _entered(request.POST, pool)
        names = {claim.worker_id: claim.name for claim in pool.claims}
        results, numbers = wrong_numbers(weights, people, names, bounds_of(street))
        if results or numbers:
            return JsonResponse({"fault": f"{'；'.join([*results.values(), *numbers.values()][:LISTED])}。"})
        own = {one.worker_id: one.weight for one in people}
        claims = tuple(replace(claim, personal=own[claim.worker_id]) for claim in pool.claims)
        shares, fault = _shares(replace(pool, weights=weights, claims=claims))
        return JsonResponse({"fault": fault, "total": f"{pool.amount:,.2f}", "shares": _as_json(claims, shares)})


def _row(claim: Claimed, share: Share | None, typed: Any, wrong: WrongWeights | None) -> Row:
    key = claim.worker_id
    stored = "" if claim.personal is None else plain(claim.personal)
    faults = (wrong.weights.get(key, ""), wrong.reasons.get(key, "")) if wrong else ()
    return Row(claim, share, typed.get(f"own-{key}", stored), typed.get(f"why-{key}", claim.reason), *faults)


def _shares(pool: Pool) -> tuple[dict[str, Share], str]:
    try:
        return {share.id_number: share for share in divided(pool).shares}, ""
    except Refused as refusal:
        return {}, str(refusal)


def _as_json(claims: tuple[Claimed, ...], shares: Mapping[str, Share]) -> dict[str, dict[str, str]]:
    """Identify rows by key, never by ID number."""
    found = {claim.worker_id: shares.get(claim.id_number) for claim in claims}
    return {
        str(key): {"weight": plain(share.weight), "share": f"{share.share:,.2f}"}
        for key, share in found.items()
        if share
    }


def _entered(posted: Any, pool: Pool) -> tuple[dict[Result, Decimal], list[Personal]]:
    """Read the form: weights of results, and each person's weight and reason."""
    weights = {}
    for result in Result:
        weight = _number(posted.get(f"weight-{result.name}", ""))
        weights[result] = pool.weights[result] if weight is None else weight
    people = [
        Personal(
            claim.worker_id,
            _number(posted.get(f"own-{claim.worker_id}", "")),
            posted.get(f"why-{claim.worker_id}", "")[: PersonalWeight._meta.get_field("reason").max_length],
        )
        for claim in pool.claims
    ]
    return weights, people


def _number(text: str) -> Decimal | None:
    """Return None for an empty field, and NaN for what is no number, which the service refuses."""
    text = text.strip()
    if not text:
        return None
    try:
        return Decimal(text) if len(text) <= LONGEST else Decimal("NaN")
    except InvalidOperation:
        return Decimal("NaN")
