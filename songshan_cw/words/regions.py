"""Statistical region codes. The first digits of a code are the codes of the regions above it."""

from songshan_cw.words.terms import RegionLevel

DIGITS = {
    RegionLevel.PROVINCE: 2,
    RegionLevel.CITY: 4,
    RegionLevel.DISTRICT: 6,
    RegionLevel.STREET: 9,
    RegionLevel.COMMUNITY: 12,
}


def above(code: str, level: RegionLevel) -> str:
    """Cut a code to the region of a level. Codes of higher levels stay as they are."""
    return code[: DIGITS[level]]


def city_of(code: str) -> str:
    return above(code, RegionLevel.CITY)


def district_of(code: str) -> str:
    return above(code, RegionLevel.DISTRICT)


def street_of(code: str) -> str:
    return above(code, RegionLevel.STREET)
