"""Forms of people and accounts. Private numbers can be typed but are never shown whole."""

from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminPasswordWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from songshan_cw.site.scoped_admin import ServiceForm
from songshan_cw.words.terms import Position, Post, choices
from workers.rules.identity import masked, masked_account, masked_phone

FULL_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘx", "0123456789XXX")
ACCOUNT_DIGITS = 32
UNCHOSEN = [("", "请选择")]
# The same message for every street, so that it does not reveal people of other streets.
ID_NUMBER_TAKEN = (
    "该身份证号已登记，每人只有一份档案。请在“社区工作者”里按姓名查找，包括已离职的；"
    "查不到的，请核对号码；确属调入人员的，请联系系统管理员办理。"
)
CLEARED = {"无", "-", "清除"}


class WorkerForm(ServiceForm):
    """A person's particulars. Masked numbers come empty, and empty ones stay unchanged."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "id_number" in self.fields:
            self.fields["id_number"].error_messages["unique"] = ID_NUMBER_TAKEN
        if self._conceals():
            self._conceal("id_number", masked(self.instance.id_number))
            self._conceal("phone", masked_phone(self.instance.phone), clearable=True)
            self._conceal("bank_account", masked_account(self.instance.bank_account), clearable=True)

    def clean_id_number(self) -> str:
        return self._kept("id_number").strip().translate(FULL_WIDTH)

    def clean_phone(self) -> str:
        return self._kept("phone").strip()

    def clean_bank_account(self) -> str:
        account = self._kept("bank_account").translate(FULL_WIDTH).replace(" ", "").replace("-", "")
        if account and not (account.isascii() and account.isdigit() and len(account) <= ACCOUNT_DIGITS):
            raise forms.ValidationError(f"银行卡号只含数字，最多{ACCOUNT_DIGITS}位，请核对。")
        return account

    def _conceals(self) -> bool:
        return bool(self.instance.pk)

    def _conceal(self, name: str, shown: str, *, clearable: bool = False) -> None:
        if name in self.fields:
            self.initial[name] = ""
            self.fields[name].required = False
            clearing = "；要清除请填“无”" if clearable and shown else ""
            self.fields[name].help_text = f"现为 {shown or '未登记'}；不修改请留空{clearing}。"
            if clearable:
                self.fields[name].validators = []  # the model's own validation of the stored value

    def _kept(self, name: str) -> str:
        given = self.cleaned_data.get(name) or ""
        if self._conceals() and given.strip() in CLEARED and name != "id_number":
            return ""
        return getattr(self.instance, name) if self._conceals() and not given else given


class RegisterForm(WorkerForm):
    """A new person with the first appointment. The page passes communities and ``methods`` within the user's scope."""

    methods: tuple[str, ...] = ()

    post = forms.ChoiceField(label="岗位", choices=UNCHOSEN + choices(Post), widget=UnfoldAdminSelectWidget)
    position = forms.ChoiceField(label="职务", choices=UNCHOSEN + choices(Position), widget=UnfoldAdminSelectWidget)
    dual = forms.BooleanField(
        label="一肩挑", required=False, help_text="书记、主任一人担任；仅正职。", widget=UnfoldBooleanSwitchWidget
    )
    method = forms.ChoiceField(
        label="录用方式",
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text="选填；以后可在人员页用“录用登记”补登。",
    )
    document_no = forms.CharField(label="任职文号", max_length=60, required=False, widget=UnfoldAdminTextInputWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = UNCHOSEN + [(method, method) for method in self.methods]


class UserForm(ServiceForm):
    """An account. A password typed here replaces the old one."""

    new_password = forms.CharField(
        label="密码",
        required=False,
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text="新用户必填；修改用户时留空表示不改密码。",
    )
