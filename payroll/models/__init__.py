from payroll.models.budget import Budget, BudgetBasis, BudgetMonth, DisposableIncome
from payroll.models.ledger import PayLine, PayrollRun, Payslip, RunEvent, RunNote, Settlement
from payroll.models.performance import PersonalWeight, ResultWeight
from payroll.models.seals import RunSeal, TrailSeal
from payroll.models.tables import GradeCoefficient, GradeTable, PayStandard, StepRequirement

__all__ = [
    "Budget",
    "BudgetBasis",
    "BudgetMonth",
    "DisposableIncome",
    "GradeCoefficient",
    "GradeTable",
    "PayLine",
    "PayStandard",
    "PayrollRun",
    "Payslip",
    "PersonalWeight",
    "ResultWeight",
    "RunEvent",
    "RunNote",
    "RunSeal",
    "Settlement",
    "StepRequirement",
    "TrailSeal",
]
