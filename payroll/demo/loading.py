"""Everything the demo needs in the database: regions, the sample table, accounts, and people by the workbook import."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.utils import timezone

from payroll.demo.accounts import create_accounts
from payroll.demo.life import add_life
from payroll.demo.people import generate_people
from payroll.demo.person import Community, Person
from payroll.demo.workbook import write_people
from payroll.models import GradeTable
from payroll.services.tables import import_grade_table
from songshan_cw.data.refusal import Refused
from songshan_cw.policy import current_book
from songshan_cw.words.terms import RegionLevel
from workers.models import Region, User, WorkbookImport
from workers.services.regions import LoadedRegions, load_regions
from workers.workbook.writing import import_file

DISTRICT = "150404"
SAMPLE_TABLE = Path("fixtures") / "sample-grade-table"
WORKBOOK_NAME = "演示人员.xlsx"
DEFAULT_TOTAL = 1_200


@dataclass(frozen=True, slots=True)
class LoadedDemo:
    """What was loaded; ``people`` is None when the demo's people were there already, or none were asked for."""

    regions: LoadedRegions
    documents: int
    table_imported: bool
    accounts: int
    people: int | None


def load_demo(*, total: int, at: datetime) -> LoadedDemo:
    """Load what is missing and leave the rest as it is. ``total`` 0: no people. Refused without DEBUG."""
    require_debug()
    documents = len(current_book().documents)
    regions = load_regions([DISTRICT])
    accounts = create_accounts(DISTRICT)
    admin = User.objects.get(username="admin")
    table_imported = _import_sample_table(admin, at)
    people = generate_people(district_communities(DISTRICT), total=total, today=timezone.localdate(at))
    imported = import_people(DISTRICT, WORKBOOK_NAME, people, admin, at) if total else None
    return LoadedDemo(regions, documents, table_imported, accounts, imported)


def district_communities(district: str) -> list[Community]:
    """The stored communities of a district; a street without any gets no people."""
    rows = Region.objects.filter(level=RegionLevel.COMMUNITY.value, code__startswith=district).order_by("code")
    return [Community(*row) for row in rows.values_list("code", "name", "parent_id", "parent__name")]


def require_debug() -> None:
    if not settings.DEBUG:
        raise Refused(
            "演示数据只能装进调试环境：其中的账号使用公开的密码，人员是虚构的。"
            "如确需演示，请在单独的数据库上设置环境变量 DEBUG=1 后再执行。"
        )


def _import_sample_table(admin: User, at: datetime) -> bool:
    if GradeTable.objects.filter(district=DISTRICT).exists():
        return False
    import_grade_table(path=settings.BASE_DIR / SAMPLE_TABLE, district=DISTRICT, actor=admin, at=at)
    return True


def import_people(district: str, name: str, people: Iterable[Person], admin: User, at: datetime) -> int | None:
    """Import people by the workbook as a clerk does, and give them their life; only once (else None), so that a changed
    demo is never set back."""
    if WorkbookImport.objects.filter(file_name=name).exists():
        return None
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        count = write_people(people, path)
        import_file(path, actor=admin, at=at)
    add_life(district=district, actor=admin, at=at, today=timezone.localdate(at))
    return count
