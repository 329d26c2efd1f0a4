"""Rules 1.1: the tree of regions from the shipped list."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from songshan_cw.data.refusal import Refused
from songshan_cw.words.terms import RegionLevel
from workers.models import Region
from workers.services.regions import LoadedRegions, load_regions, shipped_regions

pytestmark = pytest.mark.django_db

SONGSHAN = 3 + 12 + 89  # province, city and district; streets; communities


def test_a_district_comes_with_everything_below_and_above():
    assert load_regions(["150404"]) == LoadedRegions(created=SONGSHAN, renamed=0, unchanged=0)
    levels = Region.objects.values_list("level", flat=True)
    assert {level: list(levels).count(level) for level in RegionLevel} == {
        "province": 1,
        "city": 1,
        "district": 1,
        "street": 12,
        "community": 89,
    }
    assert Region.objects.get(pk="150404001001").parent_id == "150404001"


def test_the_whole_list_loads_and_no_siblings_share_a_name():
    assert load_regions(["15"]).created == len(shipped_regions()) == 3705
    assert load_regions(["1506", "150404"]).created == 0


def test_a_second_loading_changes_nothing():
    load_regions(["150404"])
    before = list(Region.objects.values_list())
    assert load_regions(["150404"]) == LoadedRegions(created=0, renamed=0, unchanged=SONGSHAN)
    assert list(Region.objects.values_list()) == before


def test_renamed_regions_are_updated_even_where_two_exchanged_names():
    load_regions(["150404"])
    first, second = "150404001001", "150404001002"
    names = {code: Region.objects.get(pk=code).name for code in (first, second)}
    Region.objects.filter(pk=first).update(name="暂名")
    Region.objects.filter(pk=second).update(name=names[first])
    Region.objects.filter(pk=first).update(name=names[second])

    assert load_regions(["150404"]).renamed == 2
    assert {code: Region.objects.get(pk=code).name for code in names} == names


def test_an_unknown_code_is_refused_in_words_and_nothing_is_written():
    with pytest.raises(Refused, match="159999"):
        load_regions(["150404", "159999"])
    assert not Region.objects.exists()


def test_a_name_taken_by_a_code_entered_by_hand_is_refused_in_words():
    load_regions(["150404001001"])
    Region.objects.create(code="150404001099", name="广场社区居委会", level="community", parent_id="150404001")
    with pytest.raises(Refused, match=r"广场社区居委会.*150404001099"):
        load_regions(["150404"])


def test_the_number_of_statements_does_not_grow_with_the_regions():
    assert _statements(["150404001001"]) == _statements(["150404002"]) == _statements(["1506"])


def test_the_command_reports_and_refuses(capsys):
    call_command("load_regions", "150404")
    assert f"新增{SONGSHAN}个" in capsys.readouterr().out
    with pytest.raises(CommandError, match="不在随附的内蒙古区划名单里"):
        call_command("load_regions", "999")


def _statements(codes):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        load_regions(codes)
    return len(queries)
