"""Unambiguous synonyms that clerks use for the terms."""

from collections.abc import Mapping
from enum import StrEnum

from songshan_cw.words.terms import Category, CertificateLevel, Education, Position, Post, Result


def _words(vocabulary: type[StrEnum], synonyms: Mapping[StrEnum, str]) -> dict[str, str]:
    words = {str(term): str(term) for term in vocabulary}
    for term, others in synonyms.items():
        words |= {other: str(term) for other in others.split()}
    return words


CATEGORIES = _words(
    Category,
    {
        Category.COMMITTEE: "两委 社区两委成员 两委班子成员",
        Category.STAFF: "专职 专职社区工作者 专职社工",
        Category.TRANSFER: "调入",
        Category.RETIRED: "退休",
        Category.CIVIL_POST: "在编 在职在编",
        Category.TOLL_STATION: "收费站分流人员",
        Category.OTHER: "其他",
    },
)
POSTS = _words(Post, {Post.CHIEF: "正职岗", Post.DEPUTY: "副职岗", Post.STAFF: "工作人员岗 一般工作人员"})
POSITIONS = _words(
    Position,
    {
        Position.SECRETARY: "书记 社区书记 社区党组织书记",
        Position.DIRECTOR: "主任 社区主任 社区居委会主任 居民委员会主任",
        Position.DEPUTY_SECRETARY: "副书记 社区副书记 社区党组织副书记",
        Position.DEPUTY_DIRECTOR: "副主任 社区副主任 社区居委会副主任 居民委员会副主任",
        Position.COMMITTEE_MEMBER: "社区两委委员",
        Position.COMMUNITY_WORKER: "专职社区工作者",
    },
)
EDUCATIONS = _words(
    Education,
    {
        Education.SECONDARY: "高中 中专 职高 技校 中技 初中 小学 高中/中专 高中或中专 中专/高中",
        Education.COLLEGE: "大专 专科 高职 大学专科(大专)",
        Education.BACHELOR: "本科 大学本科学历 本科学历 全日制本科 在职本科",
        Education.MASTER: "研究生 硕士 硕士学历",
        Education.DOCTOR: "博士 博士学历",
    },
)
CERTIFICATES = _words(
    CertificateLevel,
    {
        CertificateLevel.ASSISTANT: "初级 助理 助理社工师 助理级 初级社会工作师 初级社工师 社会工作师(初级)",
        CertificateLevel.SOCIAL_WORKER: "中级 社工师 中级社会工作师 中级社工师 社会工作师(中级)",
        CertificateLevel.SENIOR: "高级 高级社工师 社会工作师(高级)",
    },
)
RESULTS = _words(
    Result, {Result.EXCELLENT: "优", Result.COMPETENT: "称职", Result.BASIC: "基本称职", Result.FAILED: "不称职"}
)
TRUTHS = dict.fromkeys(["是", "√", "✓", "✔", "☑", "Y", "YES", "TRUE", "T", "1", "对"], True) | dict.fromkeys(
    ["否", "×", "✗", "✘", "X", "N", "NO", "FALSE", "F", "0", "不是"], False
)
