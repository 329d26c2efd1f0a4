"""年度考核 as a sheet of the personnel workbook."""

from datetime import date
from typing import Any

from django.db.models import Q

from assessment.models import AnnualAssessment
from workers.workbook.columns import PERSON, Column, words_of
from workers.workbook.dates import clean_year
from workers.workbook.people import Person, Reporter
from workers.workbook.sheets import Sheet, register
from workers.workbook.vocabulary import RESULTS

FIRST_YEAR = 1980
COLUMNS = (
    *PERSON,
    Column("年度", "year", clean_year, True, kind="number", example=2022),
    words_of("等次", "result", RESULTS, example="合格"),
)


def check_assessment(values: dict[str, Any], person: Person, report: Reporter, today: date) -> None:
    """Refuse results of years before hiring, after leaving or in the future."""
    year = values["year"]
    if year is None:
        return
    hired, left = person.hired_on, person.left_on
    if not FIRST_YEAR <= year <= today.year:
        report("year", "year_range", f"年度{year}应在{FIRST_YEAR}至{today.year}之间，请核对。")
    elif hired and year < hired.year:
        report("year", "before_hiring", f"{year}年度早于参加社区工作的{hired.year}年，请核对年度或参加社区工作时间。")
    elif left and year > left.year:
        report("year", "after_exit", f"{year}年度晚于离职的{left.year}年，请核对年度或离职日期。")


def register_sheets() -> None:
    register(
        Sheet(
            "年度考核",
            AnnualAssessment,
            COLUMNS,
            ("year",),
            4,
            ("考核", "年度考核情况", "考核结果"),
            check_assessment,
            locked=Q(decided_at__isnull=False),
        )
    )
