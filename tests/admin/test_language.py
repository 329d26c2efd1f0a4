"""Nothing of the theme is left untranslated, and no page asks the outside for anything."""

import re
from pathlib import Path

import pytest
import unfold
from django.test import Client
from django.utils import translation

from tests.scope.conftest import client_of
from tests.scope.routes import model_routes
from tests.scope.world import World

THEME = Path(unfold.__file__).parent
FOLDERS = ("templates", "contrib/filters", "contrib/forms", "contrib/inlines", "mixins")
FILES = ("admin.py", "forms.py", "widgets.py")
TRANSLATED = re.compile(r"""{%-?\s*trans(?:late)?\s+(?:"([^"]+)"|'([^']+)')|\b_\(\s*"([^"]+)"\s*\)""")
BLOCK = re.compile(r"{%-?\s*blocktrans(?:late)?\b([^%]*)%}(.*?)(?:{%-?\s*plural\s*%}(.*?))?{%-?\s*endblocktrans", re.S)
OUTSIDE = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//""")


def theme_texts() -> list[str]:
    paths = [path for folder in FOLDERS for path in (THEME / folder).rglob("*") if path.suffix in {".py", ".html"}]
    return [path.read_text() for path in [*paths, *(THEME / name for name in FILES)]]


def test_every_string_of_the_theme_is_chinese() -> None:
    strings = {next(filter(None, groups)) for text in theme_texts() for groups in TRANSLATED.findall(text)}
    assert len(strings) > 80
    with translation.override("zh-hans"):
        left = {text for text in strings if re.search("[a-zA-Z]", text) and translation.gettext(text) == text}
    assert left <= {"%(class_name)s %(instance)s"}


def test_every_block_of_the_theme_is_chinese() -> None:
    found = {groups for text in theme_texts() for groups in BLOCK.findall(text)}
    blocks = {(_message(single, options), _message(plural, options)) for options, single, plural in found if single}
    assert len(blocks) > 20
    with translation.override("zh-hans"):
        left = {
            single
            for single, plural in blocks
            if (translation.ngettext(single, plural, 1) if plural else translation.gettext(single)) == single
        }
    assert not left


def _message(template: str, options: str) -> str:
    text = re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", template)
    return " ".join(line.strip() for line in text.strip().splitlines()) if "trimmed" in options else text


def test_no_page_refers_to_the_outside(world: World) -> None:
    client = client_of(world.admin)
    pages = ["/", "/login/", *[route.url() for route in model_routes(("changelist", "add"))]]
    for page in pages:
        assert not OUTSIDE.search(client.get(page).content.decode()), page


@pytest.mark.parametrize(("path", "status", "words"), [("/nirgends/", 404, "找不到页面"), ("/?a=%00", 400, "请求无效")])
def test_error_pages_are_chinese_and_say_what_to_do(world: World, path: str, status: int, words: str) -> None:
    response = client_of(world.admin).get(path)
    assert response.status_code == status
    assert words in response.content.decode()


def test_a_failed_login_says_why(db: None) -> None:
    response = Client().post("/login/", {"username": "x", "password": "y"})
    assert "用户名或密码不正确" in response.content.decode()
