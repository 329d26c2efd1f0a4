"""The migration that dates old categories moves no amount (rules 2.4)."""

from datetime import date
from decimal import Decimal
from importlib import import_module

from django.apps import apps

from payroll.models import GradeTable, Payslip
from payroll.selectors.reconciling import reconcile
from songshan_cw.words.periods import parse
from tests.payroll.world import NOW, A, pay_month, person, staff
from workers.models import CategoryRecord, Change, Worker

MIGRATION = import_module("payroll.migrations.0014_dated_categories")


def test_who_was_paid_and_is_outside_now_keeps_every_month(table: GradeTable) -> None:
    """The former category comes from the trail; without one it was 专职工作者. Nobody else is touched."""
    told, untold, never = (person(staff(date(2020, 1, 1))) for _ in range(3))
    staying = person(staff(date(2020, 1, 1)))
    Worker.objects.filter(pk=never.pk).update(category="收费站分流")
    for month in ("2022-01", "2022-02"):
        pay_month(month)
    item = ["社区工作者", told.name, "人员类别", "两委成员", "退休人员"]
    Change.objects.create(at=NOW, worker=told, street_id=A, subject=told.name, items=[item])
    Worker.objects.filter(pk__in=[told.pk, untold.pk]).update(category="退休人员")
    MIGRATION.date_categories(apps, None)
    rows = CategoryRecord.objects.order_by("worker").values_list("worker", "start", "category")
    assert list(rows) == [(one.pk, date(2022, 3, 1), "退休人员") for one in (told, untold)]
    kept = dict(Worker.objects.values_list("pk", "category"))
    assert [kept[one.pk] for one in (told, untold, never, staying)] == [
        *("两委成员", "专职工作者", "收费站分流", "专职工作者")
    ]
    assert reconcile().differences == ()
    pay_month("2022-03")
    slip = Payslip.objects.get(month=parse("2022-03"))
    assert (slip.worker_id, slip.gross_pay) == (staying.pk, Decimal("3150.00"))
