"""The picture in docs/ shows the rooms as they are."""

from tests.house.picture import PICTURE, picture, shortest


def test_the_picture_is_up_to_date() -> None:
    assert PICTURE.read_text(encoding="utf-8") == picture(), "请执行 python -m tests.house.picture 重画。"


def test_what_a_longer_way_says_is_left_out() -> None:
    a, b, c = ("x", "a"), ("x", "b"), ("x", "c")
    assert shortest({(a, b), (b, c), (a, c)}) == [(a, b), (b, c)]
