"""Addresses of this app's pages: (route, page, name in the ``admin`` namespace)."""

from assessment.pages import archives, assessments, contracts, limits
from songshan_cw.site.page import Address

PAGES: tuple[Address, ...] = (
    ("assess/", assessments.AssessPage, "assess"),
    ("assess/<slug:year>/<slug:street>/", assessments.AssessSheetPage, "assess_sheet"),
    ("limits/", limits.LimitsPage, "limits"),
    ("compare/", limits.ComparePage, "compare"),
    ("contracts/", contracts.ContractsPage, "contracts"),
    ("archives/", archives.ArchivesPage, "archives"),
    ("talent/", archives.TalentPage, "talent"),
    ("archives/<int:pk>/", archives.ArchivePage, "archive"),
    ("archives/files/<int:pk>/", archives.AttachmentFile, "attachment"),
)
