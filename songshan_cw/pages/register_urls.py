"""Addresses of checks, secondments, staffing, duties, contracts and archives: (route, page, name)."""

from songshan_cw.pages import archives, contracts, duties, limits, secondments, staffing
from songshan_cw.pages.base import Page

REGISTER_PAGES: tuple[tuple[str, type[Page], str], ...] = (
    ("limits/", limits.LimitsPage, "limits"),
    ("compare/", limits.ComparePage, "compare"),
    ("secondments/", secondments.SecondmentsPage, "secondments"),
    ("secondments/new/", secondments.SecondmentRequest, "secondment_request"),
    ("secondments/<int:pk>/", secondments.SecondmentPage, "secondment"),
    ("staffing/", staffing.StaffingPage, "staffing"),
    ("duties/", duties.DutiesPage, "duties"),
    ("duties/<int:year>/", duties.DutiesPage, "duties_year"),
    ("contracts/", contracts.ContractsPage, "contracts"),
    ("archives/", archives.ArchivesPage, "archives"),
    ("talent/", archives.TalentPage, "talent"),
    ("archives/<int:pk>/", archives.ArchivePage, "archive"),
    ("archives/files/<int:pk>/", archives.AttachmentFile, "attachment"),
)
