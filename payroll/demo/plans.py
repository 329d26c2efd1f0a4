"""What a demo bureau has entered for the years around: the income figure, the basis of budgets, two streets' budgets,
one of them approved."""

from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from payroll.demo.loading import DISTRICT
from payroll.models import BudgetBasis
from payroll.selectors.streets import streets_with_people
from payroll.services.budgets import approve_budget, compute_budget, submit_budget
from payroll.services.floor import set_basis, set_income
from songshan_cw.words.periods import month_of
from workers.models import Region, User

STREET = "150404001"
APPROVED_STREET = "150404002"
# Invented figures of the right order, in yuan; employer's insurance in percent.
INCOME = Decimal("41200.00")
YEARLY_RISE = Decimal("1800.00")
INSURANCE_RATE = Decimal("24.70")
TRAINING_PER_HEAD = Decimal("600.00")


def add_plans(*, bureau: User, at: datetime) -> None:
    """Enter the figures once; what somebody changed since is left alone."""
    today = month_of(timezone.localtime(at).date())
    year = timezone.localtime(at).year
    if BudgetBasis.objects.filter(district=DISTRICT).exists():
        return
    for back in (2, 1):
        set_income(actor=bureau, district=DISTRICT, year=year - back, amount=INCOME - YEARLY_RISE * back, at=at)
    set_basis(
        actor=bureau,
        district=DISTRICT,
        year=year + 1,
        insurance_rate=INSURANCE_RATE,
        training_per_head=TRAINING_PER_HEAD,
        at=at,
    )
    for code in (STREET, APPROVED_STREET):
        street, own = Region.objects.filter(code=code).first(), User.objects.filter(username=f"clerk-{code}").first()
        if street is None or own is None or not streets_with_people([code]):
            continue
        compute_budget(year=year + 1, street=street, actor=own, at=at, today=today)
        submit_budget(year=year + 1, street=street, actor=own, at=at)
        if code == APPROVED_STREET:
            approve_budget(year=year + 1, street=street, actor=bureau, at=at)
