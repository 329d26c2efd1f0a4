"""The documents say what the code holds: readings, links and commands."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

from songshan_cw.policy import READINGS

DOCUMENTS = ("README.md", "CHANGELOG.md", "fixtures/README.md", "docs/README.md", "docs/domain.md")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def text_of(name):
    return (settings.BASE_DIR / name).read_text(encoding="utf-8")


def test_every_reading_stands_in_the_table_word_for_word():
    rows = [line for line in text_of("docs/domain.md").splitlines() if line.startswith("| `")]
    assert rows == [f"| `{one.code}` | {one.title} | {one.text} | {one.clause} |" for one in READINGS.values()]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_to_files(name):
    folder = (settings.BASE_DIR / name).parent
    assert [link for link in LINK.findall(text_of(name)) if not Path(folder, link).exists()] == []


def test_the_commands_of_the_readme_exist():
    named = set(re.findall(r"^manage\.py (\w+)", text_of("README.md"), re.MULTILINE))
    assert named
    assert named <= set(get_commands())
