"""Addresses of import, export, assessment sheets and the own account: (route, page, name)."""

from songshan_cw.pages import account, assessments, imports
from songshan_cw.pages.base import Page

ENTRY_PAGES: tuple[tuple[str, type[Page], str], ...] = (
    ("import/", imports.ImportPage, "import"),
    ("import/template/", imports.TemplateDownload, "import_template"),
    ("import/<slug:token>/", imports.PreviewPage, "import_preview"),
    ("import/<slug:token>/confirm/", imports.ConfirmPage, "import_confirm"),
    ("import/<slug:token>/discard/", imports.DiscardPage, "import_discard"),
    ("import/<slug:token>/annotated/", imports.AnnotatedCopy, "import_annotated"),
    ("export/", imports.ExportPage, "export_workbook"),
    ("assess/", assessments.AssessPage, "assess"),
    ("assess/<slug:year>/<slug:street>/", assessments.AssessSheetPage, "assess_sheet"),
    ("password_change/", account.PasswordPage, "password_change"),
    ("second-factor/", account.SecondFactorPage, "second_factor"),
    ("second-factor/<int:pk>/reset/", account.ResetFactorPage, "reset_factor"),
)
