"""Names with characters that nobody sees are refused before they are written."""

import pytest

from songshan_cw.data.refusal import Refused
from workers.models import Region, User, Worker
from workers.rules.hidden import INVISIBLE, hidden_fault
from workers.services.guards import require_clean


@pytest.mark.parametrize("hidden", [*INVISIBLE, "\x00", "\x1b"])
def test_hidden_characters_are_refused_in_every_text(hidden: str) -> None:
    for lines in (True, False):
        assert hidden_fault(f"张{hidden}三", lines=lines).startswith("第2个字是看不见的字符")


@pytest.mark.parametrize("end", ["\n", "\r", "\t", "\u2028", "\u2029"])
def test_a_name_has_one_line_and_a_note_may_have_several(end: str) -> None:
    assert "换行" in hidden_fault(f"张三{end}李四", lines=False)
    assert hidden_fault(f"张三{end}李四", lines=True) == ""


def test_ordinary_names_pass() -> None:
    for name in ("张三", "阿依古丽·买买提", "O'Neil Ann", "𠮷田", ""):
        assert hidden_fault(name, lines=False) == ""


@pytest.mark.django_db
@pytest.mark.parametrize("hidden", ["\n", "\u202e", "\u200b"])
def test_people_users_and_regions_are_refused_by_the_same_check(hidden: str) -> None:
    name = f"张{hidden}三"
    for instance in (Worker(name=name), User(username="u", full_name=name), Region(code="15", name=name)):
        with pytest.raises(Refused, match="第2个字"):
            require_clean(instance)
