"""Enter a district's income figure and budget basis (rules 7.4, 7.5)."""

from datetime import datetime
from decimal import Decimal

from payroll.models import BudgetBasis, DisposableIncome
from songshan_cw.data.refusal import Refused
from songshan_cw.data.transactions import whole
from workers.models import Change, Region, User
from workers.services.guards import require_clean, require_references_reached, require_right
from workers.services.trail import differences, record_change

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_INCOME = Decimal(1_000_000)
CENT = Decimal("0.01")


@whole
def set_income(*, actor: User, district: str, year: int, amount: Decimal, at: datetime) -> Change | None:
    """Enter or correct the published figure of a year."""
    require_right(actor, "change", DisposableIncome)
    _require_year(year)
    _require_amount("人均可支配收入", amount, MOST_INCOME, positive=True)
    return _store(actor, DisposableIncome(district_id=district, year=year, amount=amount), at)


@whole
def set_basis(
    *, actor: User, district: str, year: int, insurance_rate: Decimal, training_per_head: Decimal, at: datetime
) -> Change | None:
    """Enter or correct the basis of budgets. Budgets computed before keep theirs."""
    require_right(actor, "change", BudgetBasis)
    _require_year(year)
    _require_amount("单位缴费比例", insurance_rate, Decimal(100))
    _require_amount("人均培训经费", training_per_head, Decimal(100_000))
    basis = BudgetBasis(
        district_id=district, year=year, insurance_rate=insurance_rate, training_per_head=training_per_head
    )
    return _store(actor, basis, at)


def _store(actor: User, row: DisposableIncome | BudgetBasis, at: datetime) -> Change | None:
    """Create or correct the row of a district and year."""
    list(Region.objects.select_for_update(no_key=True).filter(pk=row.district_id))
    stored = type(row)._default_manager.filter(district=row.district_id, year=row.year).first()
    require_references_reached(actor, row, None)
    row.entered_by, row.entered_at = actor, at
    if stored is not None:
        row.pk, row._state.adding = stored.pk, False
    items = [item for item in differences(stored, row) if item[2] not in ("录入人", "录入时间")]
    if not items:
        return None
    require_clean(row)
    row.save()
    return record_change(actor=actor, at=at, about=row, items=items, reason="", street_code=row.district_id)


def _require_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(f"年度应在{FIRST_YEAR}至{LAST_YEAR}之间，没有保存。")


def _require_amount(what: str, amount: Decimal, most: Decimal, *, positive: bool = False) -> None:
    if (
        not amount.is_finite()
        or not 0 <= amount <= most
        or (positive and not amount)
        or amount != amount.quantize(CENT)
    ):
        raise Refused(f"{what}应为{'大于0、' if positive else ''}不超过{most:,}、至多两位小数的数，没有保存。")
