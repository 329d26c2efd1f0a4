"""The forms of a page, as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """``fields``: (name, value) in the page's order, buttons and files left out."""

    attributes: dict[str, str]
    fields: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, **changes: str) -> list[tuple[str, str]]:
        """The fields with some values changed; names the form lacks are added, as a button's is."""
        kept = [pair for pair in self.fields if pair[0] not in changes]
        return [*kept, *changes.items()]

    def value(self, name: str) -> str:
        return dict(self.fields).get(name, "")


class _Reader(HTMLParser):
    """One pass over a page; nested forms do not exist in HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = self._textarea = ""
        self._chosen: list[str] = []
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given)
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "input":
            self._input(given)
        elif tag == "select":
            self._select, self._chosen = given.get("name", ""), []
        elif tag == "option" and "selected" in given:
            self._chosen.append(given.get("value", ""))
        elif tag == "textarea":
            self._textarea, self._text = given.get("name", ""), []

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select" and self._form is not None and self._select:
            self._form.fields += [(self._select, value) for value in self._chosen or [""]]
            self._select = ""
        elif tag == "textarea" and self._form is not None and self._textarea:
            self._form.fields.append((self._textarea, "".join(self._text).removeprefix("\n")))
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._text.append(data)

    def _input(self, given: dict[str, str]) -> None:
        assert self._form is not None
        kind, name = given.get("type", "text"), given.get("name", "")
        if not name or kind in {"submit", "button", "file", "image"}:
            return
        if kind in {"checkbox", "radio"} and "checked" not in given:
            return
        self._form.fields.append((name, given.get("value", "on" if kind == "checkbox" else "")))


def forms_of(page: str) -> list[Form]:
    reader = _Reader()
    reader.feed(page)
    return reader.forms


def form_with(page: str, name: str) -> Form:
    """The first form that has a field of this name."""
    return next(form for form in forms_of(page) if any(field == name for field, _ in form.fields))
