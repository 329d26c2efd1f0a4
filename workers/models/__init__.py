from workers.models.accounts import STREET_ROLES, User
from workers.models.history import (
    Certificate,
    EducationRecord,
    Exit,
    Fact,
    Placement,
    PostAssignment,
    ServiceGap,
)
from workers.models.people import Standing, Worker
from workers.models.records import Change, PrivateAccess, WorkbookImport
from workers.models.regions import Region
from workers.models.service import Contract, Secondment, Training

__all__ = [
    "STREET_ROLES",
    "Certificate",
    "Change",
    "Contract",
    "EducationRecord",
    "Exit",
    "Fact",
    "Placement",
    "PostAssignment",
    "PrivateAccess",
    "Region",
    "Secondment",
    "ServiceGap",
    "Standing",
    "Training",
    "User",
    "WorkbookImport",
    "Worker",
]
