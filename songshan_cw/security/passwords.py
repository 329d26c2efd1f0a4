"""Password validators (settings: PASSWORD_MIN_LENGTH, PASSWORD_KINDS)."""

from collections.abc import Callable

from django.core.exceptions import ValidationError

KINDS: tuple[Callable[[str], bool], ...] = (
    lambda c: c.isdigit(),
    lambda c: c.islower(),
    lambda c: c.isupper(),
    lambda c: not c.isalnum(),
)


class KindsValidator:
    """Require several of digits, lower case, upper case and signs."""

    def __init__(self, kinds: int = 3) -> None:
        self.kinds = kinds

    def validate(self, password: str, user: object = None) -> None:
        present = sum(any(kind(c) for c in password) for kind in KINDS)
        if present < self.kinds:
            raise ValidationError(self.get_help_text(), code="password_kinds")

    def get_help_text(self) -> str:
        return f"密码至少要有数字、小写字母、大写字母、符号中的{self.kinds}种。"


class DifferentValidator:
    """Refuse the current password as the new one."""

    def validate(self, password: str, user: object = None) -> None:
        check = getattr(user, "check_password", None)
        if check is not None and getattr(user, "pk", None) and check(password):
            raise ValidationError(self.get_help_text(), code="password_same")

    def get_help_text(self) -> str:
        return "新密码不能与现在的密码相同。"
