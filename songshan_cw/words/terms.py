"""The closed vocabularies. The stored value is the official Chinese term, so that SQL, sheets and code agree."""

from enum import StrEnum
from typing import TypeVar


class Term(StrEnum):
    """Base of all terms. It hashes as its text, because an Enum's own hash is recomputed in Python at every lookup."""

    __hash__ = str.__hash__


T = TypeVar("T", bound=Term)


class Category(Term):
    """人员类别. The first three are in Songshan's scheme (二(一)); each policy lists its own."""

    COMMITTEE = "两委成员"
    STAFF = "专职工作者"
    TRANSFER = "调入人员"
    RETIRED = "退休人员"
    CIVIL_POST = "在编在职"
    TOLL_STATION = "收费站分流"
    OTHER = "其他人员"


class Post(Term):
    """岗位."""

    CHIEF = "正职"
    DEPUTY = "副职"
    STAFF = "工作人员"


class Position(Term):
    """职务."""

    SECRETARY = "党组织书记"
    DIRECTOR = "居委会主任"
    DEPUTY_SECRETARY = "党组织副书记"
    DEPUTY_DIRECTOR = "居委会副主任"
    COMMITTEE_MEMBER = "两委委员"
    COMMUNITY_WORKER = "社区工作者"

    @property
    def post(self) -> Post:
        """Return the post that a position belongs to (S 二(五)1)."""
        return POST_OF_POSITION[self]


POST_OF_POSITION: dict[Position, Post] = {
    Position.SECRETARY: Post.CHIEF,
    Position.DIRECTOR: Post.CHIEF,
    Position.DEPUTY_SECRETARY: Post.DEPUTY,
    Position.DEPUTY_DIRECTOR: Post.DEPUTY,
    Position.COMMITTEE_MEMBER: Post.STAFF,
    Position.COMMUNITY_WORKER: Post.STAFF,
}


class Education(Term):
    """学历, lowest first; ``rank`` orders them."""

    SECONDARY = "高中及以下"
    COLLEGE = "大学专科"
    BACHELOR = "大学本科"
    MASTER = "硕士研究生"
    DOCTOR = "博士研究生"

    @property
    def rank(self) -> int:
        return EDUCATION_RANK[self]


EDUCATION_RANK: dict[Education, int] = {level: rank for rank, level in enumerate(Education)}


class CertificateLevel(Term):
    """社会工作者职业资格, lowest first."""

    ASSISTANT = "助理社会工作师"
    SOCIAL_WORKER = "社会工作师"
    SENIOR = "高级社会工作师"


class Result(Term):
    """年度考核等次."""

    EXCELLENT = "优秀"
    COMPETENT = "合格"
    BASIC = "基本合格"
    FAILED = "不合格"


class RunState(Term):
    """工资批次状态."""

    DRAFT = "草稿"
    SUBMITTED = "待审核"
    APPROVED = "已审核"
    RETURNED = "已退回"


class TableState(Term):
    """等级系数表状态."""

    SAMPLE = "试算"
    CONFIRMED = "已确认"


class Component(Term):
    """工资项目."""

    BASE = "基本工资"
    ALLOWANCE = "职业津贴"
    PERFORMANCE = "绩效计提"


class Settled(Term):
    """应收款的结清方式 (rules 5.8)."""

    OFFSET = "工资抵扣"
    CASH = "现金归还"
    WRITTEN_OFF = "核销"


class Role(Term):
    """用户角色 (rules 10)."""

    CLERK = "街道经办"
    LEADER = "街道负责人"
    BUREAU = "民政局"
    FINANCE = "财政"
    ORGANISATION = "组织部"
    ADMINISTRATOR = "系统管理员"


class RegionLevel(Term):
    """区划层级."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"


class SecondmentState(Term):
    """借调状态."""

    REQUESTED = "审批中"
    APPROVED = "已批准"
    REJECTED = "未批准"


class Committee(Term):
    """两委: the two committees of a community."""

    PARTY = "社区党组织"
    RESIDENTS = "社区居委会"


class DayOff(Term):
    """How the calendar differs from the weekday."""

    REST = "休息"
    WORK = "上班"


def choices(vocabulary: type[StrEnum]) -> list[tuple[str, str]]:
    """Return (value, label) pairs for a model field. Value and label are the same Chinese term."""
    return [(term.value, term.value) for term in vocabulary]


def by_word(vocabulary: type[T]) -> dict[str, T]:
    """Map each word to its term. A lookup here is several times faster than calling the enumeration."""
    return {term.value: term for term in vocabulary}
