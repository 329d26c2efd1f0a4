"""Import and export of the flat registers, by django-import-export (S 二(四), 二(五); rules 10.1).

A register's columns are the fields of its form. Rows are known again by the model's first unique constraint. Files are
read in the limited process of the personnel workbook, and every row is written by the service of the admin page, in the
preview too, which rolls back.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from import_export.admin import ImportExportMixin
from import_export.fields import Field
from import_export.formats.base_formats import XLSX
from import_export.forms import ConfirmImportForm
from import_export.resources import ModelResource
from import_export.results import RowResult
from import_export.tmp_storages import BaseStorage
from import_export.widgets import Widget
from tablib import Dataset
from unfold.contrib.import_export.forms import ImportForm

from songshan_cw.data.fields import MonthField
from songshan_cw.data.refusal import Refused
from songshan_cw.files.text import harmless
from songshan_cw.words.periods import label
from workers.models import Region, Worker
from workers.rules.identity import is_masked, masked
from workers.selectors.numbers import worker_with
from workers.selectors.scope import visible
from workers.services import Entry, version_of
from workers.workbook.cells import Context, Noted, text_of
from workers.workbook.dates import clean_date, clean_month
from workers.workbook.faults import CellFault
from workers.workbook.reading import read_workbook
from workers.workbook.sniffing import UPLOAD

NUMBER, NAME, ROW = "身份证号", "姓名", "row_number"
MOST_ROWS = 2_000  # each is written twice, once for the preview
STORED = re.compile(r"[0-9a-f]{32}\.register")


class SealedConfirm(ConfirmImportForm):
    """Confirm what was previewed. ``seal`` binds the stored file to its content, the user and the register."""

    seal = forms.CharField(widget=forms.HiddenInput())


class UploadFolder(BaseStorage):
    """Keep an upload between preview and confirmation where ``clear_uploads`` finds those that were left."""

    def save(self, data: bytes) -> None:
        self.name = f"{secrets.token_hex(16)}.register"
        with os.fdopen(os.open(stored_at(self.name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)

    def read(self) -> bytes:
        return stored_at(self.name).read_bytes()

    def remove(self) -> None:
        stored_at(self.name).unlink(missing_ok=True)


class SheetFormat(XLSX):
    """Write .xlsx; read any table file through the limited process."""

    def create_dataset(self, in_stream: bytes) -> Dataset:
        """Return the first sheet with its row numbers. Raises Refused for a file that is no register."""
        storage = UploadFolder()
        storage.save(in_stream)
        try:
            reading = read_workbook(stored_at(storage.name), limits=UPLOAD)
        finally:
            storage.remove()
        if reading.faults:
            raise Refused(reading.faults[0].message)
        if reading.date1904:
            raise Refused("这个文件用1904年的日期系统，日期会差四年。请用本页导出的表格填写。")
        rows = next((sheet.rows for sheet in reading.sheets if sheet.visible and sheet.rows), [])
        if len(rows) < 2:
            raise Refused("文件里没有表头下的数据行。请用本页导出的表格填写。")
        if len(rows) > MOST_ROWS:
            raise Refused(f"一次最多导入{MOST_ROWS:,}行，这里有{len(rows) - 1:,}行。请分成几个文件。")
        heads = [text_of(cell).strip() if cell is not None else "" for cell in rows[0][1]]
        dataset = Dataset(headers=[*heads, ROW])
        for number, cells in rows[1:]:
            padded = [*cells, *[None] * len(heads)][: len(heads)]
            dataset.append([*padded, number])
        return dataset


class Cell(Field):
    """A column whose faults are told in Chinese."""

    def clean(self, row: dict[str, Any], **kwargs: Any) -> Any:
        try:
            return super().clean(row, **kwargs)
        except (ValueError, CellFault) as fault:
            raise ValueError(f"“{self.column_name}”：{fault}") from fault


class TextWidget(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        return text_of(value).strip() if value is not None else ""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return harmless(str(value)) if value not in (None, "") else ""


class NumberWidget(Widget):
    """Numbers are converted by the model field, whose refusal names what is wrong."""

    def __init__(self, field: models.Field) -> None:
        super().__init__()
        self.field = field

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        text = text_of(value).strip() if value is not None else ""
        try:
            return self.field.to_python(text) if text else None
        except forms.ValidationError as fault:
            raise ValueError(f"{text}不是数字，请核对。") from fault

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value


class DayWidget(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> date | None:
        return _read(clean_date, value)

    def render(self, value: date | None, obj: Any = None, **kwargs: Any) -> str:
        return value.isoformat() if value else ""


class MonthWidget(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        return _read(clean_month, value)

    def render(self, value: int | None, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else label(value)


class PersonWidget(Widget):
    """A person within the user's scope: by number, or by the exported mask together with the name."""

    def __init__(self, user: Any, name_column: str) -> None:
        super().__init__()
        self.user, self.name_column = user, name_column

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Worker:
        text = text_of(value).strip().upper() if value is not None else ""
        people = visible(Worker.objects.filter(merged_into=None), self.user)
        if is_masked(text):
            name = text_of(row.get(self.name_column) or "").strip()
            found = [one for one in people.filter(name=name, id_number__startswith=text[:6]) if masks(one, text)]
        else:
            owner = worker_with(text) if text else None
            found = list(people.filter(pk=owner.pk)) if owner else []
        if len(found) != 1:
            raise ValueError("不是您可以办理的人员的身份证号；遮盖的号码须与姓名一起认出唯一的人。请核对。")
        return found[0]

    def render(self, value: Worker | None, obj: Any = None, **kwargs: Any) -> str:
        return masked(value.id_number) if value else ""


class PlaceWidget(Widget):
    """A region within the user's scope, by its code."""

    def __init__(self, user: Any) -> None:
        super().__init__()
        self.user = user

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Region | None:
        code = text_of(value).strip() if value is not None else ""
        found = visible(Region.objects.filter(code=code), self.user).first()
        if code and found is None:
            raise ValueError(f"{code}不是您管辖的区划代码，请核对。")
        return found

    def render(self, value: Region | None, obj: Any = None, **kwargs: Any) -> str:
        return value.code if value else ""


class Register(ModelResource):
    """Rows of one register, read and written for one request by ``model_admin``."""

    def __init__(self, request: HttpRequest, model_admin: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.request, self.model_admin, self.seen = request, model_admin, ""
        self.fields = columns_of(self._meta.model, model_admin.exchanged, request.user)

    class Meta:
        use_transactions = True
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = False

    def get_import_fields(self) -> list[Field]:
        return [field for field in self.fields.values() if not field.readonly]

    def get_user_visible_fields(self) -> list[Field]:
        """Show the names in the preview too, which are only read."""
        return list(self.fields.values())

    def get_export_order(self) -> tuple[str, ...]:
        return tuple(self.fields)

    def get_import_order(self) -> tuple[str, ...]:
        return tuple(self.fields)

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        """Raise Refused where a column is missing."""
        wanted = [field.column_name for field in self.get_import_fields()]
        if missing := [name for name in wanted if name not in (dataset.headers or ())]:
            raise Refused(f"缺少列：{'、'.join(missing)}。请用本页导出的表格填写，列名不要改动。")

    def get_instance(self, instance_loader: Any, row: dict[str, Any]) -> Any:
        """Return the stored record of a row, and keep its version for the service."""
        keys = {name: self.fields[name].clean(row) for name in self._meta.import_id_fields}
        stored = visible(self._meta.model.objects.all(), self.request.user).filter(**keys).first()
        self.seen = version_of(stored) if stored is not None else ""
        return stored

    def import_instance(self, instance: Any, row: dict[str, Any], **kwargs: Any) -> None:
        """Set the fields. Raises ValueError with all faults of the row at once."""
        faults = []
        for field in self.get_import_fields():
            try:
                self.import_field(field, instance, row, **kwargs)
            except ValueError as fault:
                faults.append(str(fault))
        if faults:
            raise ValueError("；".join(faults))

    def save_instance(self, instance: Any, is_create: bool, row: dict[str, Any], **kwargs: Any) -> None:
        """Write by the service of the page, in the preview too: ``import_data`` rolls that back."""
        self.model_admin.store(self.request, None, [Entry(instance, self.seen)], [])


class ExchangeMixin(ImportExportMixin):
    """Offer a register's list as a file, and take it back after a preview. ``exchanged``: the fields in the file."""

    exchanged: Sequence[str] = ()
    import_form_class = ImportForm
    confirm_form_class = SealedConfirm
    tmp_storage_class = UploadFolder
    skip_export_form = True
    skip_admin_log = True
    show_change_form_export = False

    def has_import_permission(self, request: HttpRequest) -> bool:
        return bool(self.has_add_permission(request) and self.has_change_permission(request))

    def has_export_permission(self, request: HttpRequest) -> bool:
        return bool(self.has_view_permission(request))

    def get_import_formats(self) -> list[type[XLSX]]:
        return [SheetFormat]

    def get_export_formats(self) -> list[type[XLSX]]:
        return [SheetFormat]

    def get_resource_classes(self, request: HttpRequest, **kwargs: Any) -> list[type[ModelResource]]:
        keys = _key_of(self.model)
        meta = type("Meta", (Register.Meta,), {"model": self.model, "import_id_fields": keys, "fields": ()})
        return [type(f"{self.model.__name__}Register", (Register,), {"Meta": meta})]

    def get_resource_kwargs(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {"request": request, "model_admin": self}

    def get_import_resource_kwargs(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {"request": request, "model_admin": self}

    def get_export_resource_kwargs(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {"request": request, "model_admin": self}

    def get_export_filename(self, request: HttpRequest, queryset: Any, file_format: Any) -> str:
        return f"{self.opts.verbose_name}_{timezone.localdate():%Y%m%d}.xlsx"

    def add_data_read_fail_error_to_form(self, form: forms.Form, e: Exception) -> None:
        if not isinstance(e, (Refused, CellFault)):
            raise e
        form.add_error("import_file", str(e))

    def get_confirm_form_initial(self, request: HttpRequest, import_form: Any) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_confirm_form_initial(request, import_form)
        if import_form is not None:
            initial["seal"] = self._seal(request, initial["import_file_name"])
        return initial

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Import what this user previewed here, unchanged."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        name = request.POST.get("import_file_name", "")
        if not constant_time_compare(self._seal(request, name), request.POST.get("seal", "")):
            messages.error(request, "这份文件不是您刚才在这里预览的，或已经导入、过期，没有写入任何内容。请重新上传。")
            return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_import"))
        return super().process_import(request, **kwargs)

    def process_result(self, result: Any, request: HttpRequest) -> HttpResponse:
        if result.has_errors():
            messages.error(request, "预览之后有人改动，有的行不能再写入，没有写入任何内容。请重新上传，再看一次预览。")
            return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_import"))
        return super().process_result(result, request)

    def add_success_message(self, result: Any, request: HttpRequest) -> None:
        kinds = (RowResult.IMPORT_TYPE_NEW, RowResult.IMPORT_TYPE_UPDATE, RowResult.IMPORT_TYPE_SKIP)
        new, changed, same = (result.totals[kind] for kind in kinds)
        messages.success(request, f"已导入{self.opts.verbose_name}：新增{new}条，更正{changed}条，没有变动{same}条。")

    def _seal(self, request: HttpRequest, name: str) -> str:
        path = stored_at(name) if STORED.fullmatch(name) else None
        digest = hashlib.sha256(path.read_bytes()).hexdigest() if path and path.is_file() else secrets.token_hex()
        return salted_hmac("register", f"{request.user.pk}:{self.opts.label}:{name}:{digest}").hexdigest()


def stored_at(name: str) -> Path:
    """Return the place of a stored upload. Raises ValueError for other names."""
    if not STORED.fullmatch(name):
        raise ValueError(name)
    return Path(settings.UPLOAD_DIR) / name


def masks(person: Worker, text: str) -> bool:
    return masked(person.id_number)[-1:] == text[-1:]


def columns_of(model: type[models.Model], names: Sequence[str], user: Any) -> dict[str, Field]:
    """Return the columns of a register. Beside each number stands the name, for the reader."""
    found: dict[str, Field] = {}
    for name in names:
        field = model._meta.get_field(name)
        title = str(field.verbose_name)
        if field.related_model is Worker:
            before = "" if name == "worker" else title
            found[f"{name}_name"] = Cell(f"{name}__name", before + NAME, TextWidget(), readonly=True)
            found[name] = Cell(name, before + NUMBER, PersonWidget(user, before + NAME))
        elif field.related_model is Region:
            found[f"{name}_name"] = Cell(f"{name}__name", title, TextWidget(), readonly=True)
            found[name] = Cell(name, f"{title}代码", PlaceWidget(user))
        else:
            found[name] = Cell(name, title, _widget_of(field))
    return found


def _widget_of(field: models.Field) -> Widget:
    if isinstance(field, MonthField):
        return MonthWidget()
    if isinstance(field, models.DateField):
        return DayWidget()
    if isinstance(field, (models.IntegerField, models.DecimalField)):
        return NumberWidget(field)
    return TextWidget()


def _key_of(model: type[models.Model]) -> tuple[str, ...]:
    constraints = (one for one in model._meta.constraints if isinstance(one, models.UniqueConstraint))
    return tuple(next(constraints).fields)


def _read(clean: Any, value: Any) -> Any:
    if value is None:
        return None
    found = clean(value, Context(date1904=False, today=timezone.localdate()))
    if isinstance(found, Noted):
        raise ValueError(f"{found.message}请写明年月日。")
    return found
