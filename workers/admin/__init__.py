"""Admin of people, accounts and regions."""

from workers.admin.accounts import UserAdmin
from workers.admin.facts import FactAdmin
from workers.admin.people import WorkerAdmin
from workers.admin.places import RegionAdmin
from workers.admin.registers import VisitAdmin
from workers.admin.trails import ChangeAdmin, PrivateAccessAdmin, WorkbookImportAdmin

__all__ = [
    "ChangeAdmin",
    "FactAdmin",
    "PrivateAccessAdmin",
    "RegionAdmin",
    "UserAdmin",
    "VisitAdmin",
    "WorkbookImportAdmin",
    "WorkerAdmin",
]
