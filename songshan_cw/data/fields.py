"""Model fields: a month, encrypted text, and a keyed digest to look encrypted text up."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from unfold.widgets import UnfoldAdminTextInputWidget

from songshan_cw.data.sealing import lookup_of, open_sealed, seal
from songshan_cw.words import periods


class MonthFormField(forms.CharField):
    """A form field for a month written ``2022-03``."""

    def __init__(self, **kwargs: Any) -> None:
        for unused in ("min_value", "max_value", "max_length"):
            kwargs.pop(unused, None)
        kwargs["widget"] = UnfoldAdminTextInputWidget(attrs={"placeholder": "2022-03"})
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return periods.label(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return periods.parse(text)
        except ValueError as fault:
            raise ValidationError(str(fault)) from fault

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != data


class MonthField(models.IntegerField):
    """A month: an ordinal in Python (see periods), ``202203`` in the database."""

    description = "月份"

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, str):
            value = periods.parse(value)
        return None if value is None else periods.to_number(int(value))

    def from_db_value(self, value: int | None, _expression: Any, _connection: Any) -> int | None:
        return None if value is None else value // 100 * 12 + value % 100 - 1

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return periods.parse(value)
        except ValueError as fault:
            raise ValidationError(str(fault)) from fault

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else periods.label(value)

    def formfield(self, **kwargs: Any) -> Any:
        return models.Field.formfield(self, form_class=MonthFormField, **kwargs)


class SealedTextField(models.TextField):
    """Text encrypted at rest (AES-GCM). It is readable in Python and not searchable in the database."""

    description = "加密文本"

    def get_prep_value(self, value: Any) -> Any:
        return seal(value) if value else ""

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> str:
        return open_sealed(value) if value else ""


class LookupField(models.CharField):
    """Keyed digest of an encrypted field, filled at every save. It can be compared but not read."""

    description = "检索码"

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        given = {"max_length": 48, "default": "", "blank": True, "editable": False} | kwargs
        super().__init__(*args, **given)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"of": self.of}

    def pre_save(self, instance: models.Model, add: bool) -> str:
        value = lookup_of(getattr(instance, self.of))
        setattr(instance, self.attname, value)
        return value
