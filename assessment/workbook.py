"""年度考核 as a sheet of the personnel workbook."""

from django.db.models import Q

from assessment.models import AnnualAssessment
from workers.rules.dossier import RESULT
from workers.selectors import dossiers
from workers.workbook.columns import PERSON, Column, words_of
from workers.workbook.dates import clean_year
from workers.workbook.sheets import Sheet, register
from workers.workbook.vocabulary import RESULTS

COLUMNS = (
    *PERSON,
    Column("年度", "year", clean_year, True, kind="number", example=2022),
    words_of("等次", "result", RESULTS, example="合格"),
)


def register_sheets() -> None:
    dossiers.register(RESULT, AnnualAssessment)
    register(
        Sheet(
            RESULT,
            AnnualAssessment,
            COLUMNS,
            ("year",),
            4,
            ("考核", "年度考核情况", "考核结果"),
            locked=Q(decided_at__isnull=False),
        )
    )
