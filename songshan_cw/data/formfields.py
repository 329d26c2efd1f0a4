from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import UnfoldAdminTextInputWidget

from songshan_cw.words import periods


class MonthFormField(forms.CharField):
    """A month written ``2022-03``."""

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
