from workers.models.accounts import STREET_ROLES, User
from workers.models.archives import ArchiveFiling, Attachment, Honour
from workers.models.communities import CommitteeSeat, CommunityProfile, PartyWorker
from workers.models.discipline import Absence, CalendarDay
from workers.models.duties import DutyBackup, Leave, Visit
from workers.models.factors import SecondFactor, new_secret
from workers.models.history import (
    Certificate,
    EducationRecord,
    Exit,
    Fact,
    Placement,
    PostAssignment,
    ServiceGap,
)
from workers.models.jobs import Job, JobKind, JobPart, PartState
from workers.models.people import Standing, Worker
from workers.models.records import Change, PrivateAccess, WorkbookImport
from workers.models.regions import Region
from workers.models.service import Contract, Hiring, Secondment, SecondmentApproval, Training
from workers.models.uploads import Upload, UploadState

__all__ = [
    "STREET_ROLES",
    "Absence",
    "ArchiveFiling",
    "Attachment",
    "CalendarDay",
    "Certificate",
    "Change",
    "CommitteeSeat",
    "CommunityProfile",
    "Contract",
    "DutyBackup",
    "EducationRecord",
    "Exit",
    "Fact",
    "Hiring",
    "Honour",
    "Job",
    "JobKind",
    "JobPart",
    "Leave",
    "PartState",
    "PartyWorker",
    "Placement",
    "PostAssignment",
    "PrivateAccess",
    "Region",
    "SecondFactor",
    "Secondment",
    "SecondmentApproval",
    "ServiceGap",
    "Standing",
    "Training",
    "Upload",
    "UploadState",
    "User",
    "Visit",
    "WorkbookImport",
    "Worker",
    "new_secret",
]
