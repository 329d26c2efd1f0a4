"""Two documents on the same people (share, secondments, training, staffing)."""

import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.compliance.world import O1, A, people, person
from workers.models import Secondment, Training

pytestmark = pytest.mark.usefixtures("regions")


def compare(*arguments: str) -> dict[str, dict[str, Any]]:
    out = StringIO()
    call_command("compare_policies", *arguments, "--json", stdout=out)
    rows = json.loads(out.getvalue())["subjects"]
    return {row["subject"]: {side["document"]: side for side in row["documents"]} for row in rows}


def test_the_same_people_by_both_documents() -> None:
    people(11)
    for worker in people(2, results={2022: "优秀"}):
        Training.objects.create(worker=worker, name="实务", start=date(2022, 3, 1), end=date(2022, 3, 5), hours=16)
    Secondment.objects.create(worker=person(hired=date(2023, 1, 1)), body="区政府", start=date(2023, 1, 1), end=None)
    found = compare("--date", "2023-06-01", "--street", A)
    assert [found["优秀比例"][key]["findings"] for key in ("songshan", "ordos")] == [1, 0]
    assert [found["借调"][key]["people"] for key in ("songshan", "ordos")] == [0, 1]
    assert [found["培训"][key]["people"] for key in ("songshan", "ordos")] == [11, 13]
    assert "15%" in found["优秀比例"]["songshan"]["stated"] and "20%" in found["优秀比例"]["ordos"]["stated"]


def test_people_of_ordos_by_the_other_document_too() -> None:
    people(2, O1)
    found = compare("--date", "2023-06-01")
    assert [found["人员配备"][key]["findings"] for key in ("songshan", "ordos")] == [2, 1]


def test_only_documents_in_force_on_the_day() -> None:
    person()
    assert list(compare("--date", "2021-10-01")["借调"]) == ["ordos"]
    with pytest.raises(CommandError, match="不能对照"):
        compare("--date", "2021-08-30")


def test_plain_text_states_each_document() -> None:
    out = StringIO()
    call_command("compare_policies", "--date", "2023-06-01", stdout=out)
    assert "不限期" in out.getvalue() and "每次不超过3个月" in out.getvalue() and "200至400户" in out.getvalue()
