from workers.models.accounts import STREET_ROLES, SecondFactor, User, new_secret
from workers.models.archives import ArchiveFiling, Attachment, Honour
from workers.models.communities import CommitteeSeat, CommunityProfile, PartyWorker
from workers.models.duties import Absence, CalendarDay, DutyBackup, Leave, Visit
from workers.models.history import (
    CategoryRecord,
    Certificate,
    EducationRecord,
    Exit,
    Fact,
    Placement,
    PostAssignment,
    ServiceGap,
)
from workers.models.jobs import Job, JobKind, JobPart, PartState, RosterAnswer, Upload, UploadState
from workers.models.people import FormerNumber, Standing, Worker
from workers.models.records import Change, ImportedRows, PrivateAccess, UndoneImport, WorkbookImport
from workers.models.regions import FormerName, Region
from workers.models.service import Contract, Hiring, Secondment, SecondmentApproval, Training
from workers.models.sign_ins import Outcome, SignInAttempt, UserSession

__all__ = [
    "STREET_ROLES",
    "Absence",
    "ArchiveFiling",
    "Attachment",
    "CalendarDay",
    "CategoryRecord",
    "Certificate",
    "Change",
    "CommitteeSeat",
    "CommunityProfile",
    "Contract",
    "DutyBackup",
    "EducationRecord",
    "Exit",
    "Fact",
    "FormerName",
    "FormerNumber",
    "Hiring",
    "Honour",
    "ImportedRows",
    "Job",
    "JobKind",
    "JobPart",
    "Leave",
    "Outcome",
    "PartState",
    "PartyWorker",
    "Placement",
    "PostAssignment",
    "PrivateAccess",
    "Region",
    "RosterAnswer",
    "SecondFactor",
    "Secondment",
    "SecondmentApproval",
    "ServiceGap",
    "SignInAttempt",
    "Standing",
    "Training",
    "UndoneImport",
    "Upload",
    "UploadState",
    "User",
    "UserSession",
    "Visit",
    "WorkbookImport",
    "Worker",
    "new_secret",
]
