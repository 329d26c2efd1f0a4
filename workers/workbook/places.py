"""Find streets and communities by name or code. Communities are looked up within their street."""

import re
from collections import defaultdict

from songshan_cw.words.regions import street_of
from songshan_cw.words.terms import RegionLevel
from workers.models import FormerName, Region
from workers.workbook.faults import CellFault

COMMUNITY_SUFFIX = re.compile(r"(社区)?(党支部|党总支|党委|党组织|党群服务中心|居民委员会|居委会|居委|社区)?$")
ASIDE = re.compile(r"[(（][^()（）]*[)）]$")
STREET_SUFFIX = re.compile(r"(办事处|人民政府)$")
CODE = re.compile(r"^\d{9,12}$", re.ASCII)


class Places:
    """The streets of the database and the communities of those asked for; one statement each."""

    def __init__(self) -> None:
        levels = (RegionLevel.STREET.value, RegionLevel.COMMUNITY.value)
        self._names: dict[str, str] = {}
        self._streets: dict[str, list[str]] = defaultdict(list)
        self._communities: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        rows = Region.objects.filter(level__in=levels).values_list("code", "name", "level")
        for code, name, level in rows:
            self._names[code] = name
            self._enter(code, name, level)
        former = FormerName.objects.filter(region__level__in=levels)
        for code, name, level in former.values_list("region_id", "name", "region__level"):
            self._enter(code, name, level, former=True)

    def _enter(self, code: str, name: str, level: str, *, former: bool = False) -> None:
        """Make a region known by a name. A former one, as old files have it, gives way to a present one."""
        if level == RegionLevel.STREET:
            if not (former and name in self._streets):
                self._streets[name].append(code)
            return
        own = self._communities[street_of(code)]
        for written in {name, _core(name)}:
            if not (former and written in own):
                own[written].append(code)

    def name(self, code: str) -> str:
        return self._names.get(code, code)

    def street(self, text: str, preferred: str = "") -> str:
        """Return the code of a street, preferring one among namesakes."""
        text = "".join(text.split())
        if CODE.match(text):
            if len(text) == 9 and text in self._names:
                return text
            raise CellFault("unknown_street", f"没有区划代码为“{text}”的街道(乡镇)，请核对。")
        found = self._streets.get(text) or self._streets.get(STREET_SUFFIX.sub("", text)) or []
        if preferred in found:
            return preferred
        if len(found) > 1:
            raise CellFault("ambiguous_street", f"叫“{text}”的街道(乡镇)不止一个，请改填9位区划代码。")
        if not found:
            raise CellFault("unknown_street", f"没有叫“{text[:20]}”的街道(乡镇)，请核对名称或改填9位区划代码。")
        return found[0]

    def community(self, text: str, street: str) -> str:
        """Return the code of a community of this street."""
        text = "".join(text.split())
        if CODE.match(text):
            return self._community_by_code(text, street)
        inside = self._communities.get(street, {})
        found = next((inside[form] for form in self._forms(text, street) if form in inside), [])
        if len(found) > 1:
            raise CellFault("ambiguous_community", f"{self.name(street)}叫“{text}”的社区不止一个，请改填12位区划代码。")
        if not found:
            message = f"{self.name(street)}没有叫“{text[:20]}”的社区，请核对名称或改填12位区划代码。"
            raise CellFault("unknown_community", message)
        return found[0]

    def _forms(self, text: str, street: str) -> tuple[str, ...]:
        """Return a community's name as written, without the street before it and remarks after it, and its core."""
        plain = ASIDE.sub("", text)
        _, found, rest = plain.rpartition(self.name(street))
        rest = rest if found and rest else plain
        return tuple(dict.fromkeys((text, _core(text), plain, _core(plain), rest, _core(rest))))

    def streets_in(self, text: str) -> list[str]:
        """Return the streets whose names the text holds; 兴街道 is not one where the text says 振兴街道."""
        text = "".join(text.split())
        names = [name for name in self._streets if name in text]
        whole = [name for name in names if not any(name != other and name in other for other in names)]
        return [code for name in whole for code in self._streets[name]]

    def streets_with(self, community: str) -> list[str]:
        """Return the streets that have a community of this name."""
        text = "".join(community.split())
        return [
            street
            for street, inside in self._communities.items()
            if any(form in inside for form in self._forms(text, street))
        ]

    def communities_of(self, street: str) -> list[str]:
        """Return the names of a street's communities."""
        return [name for code, name in sorted(self._names.items()) if len(code) == 12 and code.startswith(street)]

    @staticmethod
    def core(name: str) -> str:
        return _core(name)

    def street_names(self) -> list[str]:
        return sorted(self._streets)

    def community_anywhere(self, text: str, street: str) -> str:
        """Find a community as ``community`` does, or by its code in another street."""
        compact = "".join(text.split())
        if CODE.match(compact) and len(compact) == 12 and compact in self._names:
            return compact
        return self.community(text, street)

    def written(self, community: str, street: str) -> str:
        """Return the name that an export uses so that the import finds the community again."""
        name = self.name(community)
        alone = self._communities.get(street, {}).get(name) == [community]
        return name if alone else community

    def written_street(self, code: str) -> str:
        name = self.name(code)
        return name if self._streets.get(name) == [code] else code

    def _community_by_code(self, code: str, street: str) -> str:
        if len(code) != 12 or code not in self._names:
            raise CellFault("unknown_community", f"没有区划代码为“{code}”的社区，请核对。")
        if not code.startswith(street):
            raise CellFault("unknown_community", f"代码“{code}”的社区不在{self.name(street)}，请核对街道和社区。")
        return code


def _core(name: str) -> str:
    """Return ``振兴`` of ``振兴社区居委会``."""
    return COMMUNITY_SUFFIX.sub("", name) or name
