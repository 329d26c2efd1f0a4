from payroll.models.budget import Budget, BudgetBasis, BudgetMonth, DisposableIncome
from payroll.models.going_live import GoLive
from payroll.models.ledger import PaidTo, PayLine, PayrollRun, Payslip, RunEvent, RunNote, RunTotal, Settlement
from payroll.models.performance import (
    PerformanceBatch,
    PerformanceShare,
    PersonalWeight,
    ResultWeight,
    WeightBounds,
)
from payroll.models.receivables import Receivable, ReceivableEntry
from payroll.models.reconciliation import Reconciliation
from payroll.models.review import ReviewTick
from payroll.models.seals import PerformanceSeal, RunSeal, TrailSeal
from payroll.models.tables import GradeCoefficient, GradeTable, PayStandard, StepRequirement

__all__ = [
    "Budget",
    "BudgetBasis",
    "BudgetMonth",
    "DisposableIncome",
    "GoLive",
    "GradeCoefficient",
    "GradeTable",
    "PaidTo",
    "PayLine",
    "PayStandard",
    "PayrollRun",
    "Payslip",
    "PerformanceBatch",
    "PerformanceSeal",
    "PerformanceShare",
    "PersonalWeight",
    "Receivable",
    "ReceivableEntry",
    "Reconciliation",
    "ResultWeight",
    "ReviewTick",
    "RunEvent",
    "RunNote",
    "RunSeal",
    "RunTotal",
    "Settlement",
    "StepRequirement",
    "TrailSeal",
    "WeightBounds",
]
