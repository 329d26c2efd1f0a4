"""What a demo bureau has entered for the years around: the income figure, the basis of budgets, one street's budget."""

from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from payroll.demo.loading import DISTRICT
from payroll.models import Budget, BudgetBasis
from payroll.services.budgets import compute_budget, submit_budget
from payroll.services.floor import set_basis, set_income
from songshan_cw.periods import month_of
from workers.models import Region, User

STREET = "150404001"
# Invented figures of the right order, in yuan; employer's insurance in percent.
INCOME = Decimal("41200.00")
YEARLY_RISE = Decimal("1800.00")
INSURANCE_RATE = Decimal("24.70")
TRAINING_PER_HEAD = Decimal("600.00")


def add_plans(*, bureau: User, clerk: User, at: datetime) -> None:
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
    street = Region.objects.filter(code=STREET).first()
    if street is not None and not Budget.objects.filter(street=street).exists():
        compute_budget(year=year + 1, street=street, actor=clerk, at=at, today=today)
        submit_budget(year=year + 1, street=street, actor=clerk, at=at)
