"""The sign-in form."""

from django.core.exceptions import ValidationError
from unfold.forms import AuthenticationForm

from songshan_cw.security.masking import holds_id_number

NO_USERNAME = "用户名不会是身份证号。请输入管理员分配的用户名，忘记了请问系统管理员。"


class SignInForm(AuthenticationForm):
    def clean_username(self) -> str:
        """An ID number typed by mistake is refused before it is tried: whatever is tried is kept."""
        username: str = self.cleaned_data["username"]
        if holds_id_number(username):
            raise ValidationError(NO_USERNAME)
        return username
