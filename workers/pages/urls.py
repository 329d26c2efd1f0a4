"""Addresses of this app's pages: (route, page, name in the ``admin`` namespace)."""

from songshan_cw.site.page import Address
from workers.pages import account, duties, imports, privacy, renaming, secondments, staffing

PAGES: tuple[Address, ...] = (
    ("import/", imports.ImportPage, "import"),
    ("import/template/", imports.TemplateDownload, "import_template"),
    ("import/<slug:token>/", imports.PreviewPage, "import_preview"),
    ("import/<slug:token>/answers/", imports.AnswerPage, "import_answers"),
    ("import/<slug:token>/mend/", imports.MendPage, "import_mend"),
    ("import/<slug:token>/confirm/", imports.ConfirmPage, "import_confirm"),
    ("import/<slug:token>/discard/", imports.DiscardPage, "import_discard"),
    ("import/<slug:token>/annotated/", imports.AnnotatedCopy, "import_annotated"),
    ("export/", imports.ExportPage, "export_workbook"),
    ("password_change/", account.PasswordPage, "password_change"),
    ("sessions/", account.SessionsPage, "sessions"),
    ("second-factor/", account.SecondFactorPage, "second_factor"),
    ("second-factor/<int:pk>/reset/", account.ResetFactorPage, "reset_factor"),
    ("regions/<str:code>/rename/", renaming.RenameRegionPage, "rename_region"),
    ("users/<int:pk>/confirm/", account.ConfirmUserPage, "confirm_user"),
    ("secondments/", secondments.SecondmentsPage, "secondments"),
    ("secondments/new/", secondments.SecondmentRequest, "secondment_request"),
    ("secondments/<int:pk>/", secondments.SecondmentPage, "secondment"),
    ("staffing/", staffing.StaffingPage, "staffing"),
    ("duties/", duties.DutiesPage, "duties"),
    ("duties/<int:year>/", duties.DutiesPage, "duties_year"),
    ("people/<int:pk>/numbers/", privacy.NumbersPage, "person_numbers"),
    ("people/<int:pk>/report/", privacy.PersonReport, "person_report"),
)
