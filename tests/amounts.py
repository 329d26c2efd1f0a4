"""A slip's or run's amounts by the names of csv."""

from decimal import Decimal

from payroll.models import PayLine, PayrollRun, Payslip, RunTotal
from payroll.rules.columns import PayColumns


def of(paid: Payslip | PayrollRun, csv_name: str) -> Decimal:
    return next(amount for column, amount in paid.sums.items() if column.csv_name == csv_name)


def keep_totals(run: PayrollRun) -> None:
    """Make the run's totals what its slips and lines add up to."""
    lines = PayLine.objects.filter(payslip__run=run).values_list("for_month", "component", "amount")
    sums = PayColumns().sums(lines, run.month)
    RunTotal.objects.filter(run=run).delete()
    RunTotal.objects.bulk_create(RunTotal(run=run, column=one.csv_name, amount=amount) for one, amount in sums.items())
    run.headcount = Payslip.objects.filter(run=run).count()
    run.gross_total = next(amount for one, amount in sums.items() if one.csv_name == "gross_pay")
    run.save()
