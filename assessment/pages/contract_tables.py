"""The tables of the contracts page. ``names`` maps codes of communities to names."""

from collections.abc import Mapping
from datetime import date

from django.urls import reverse

from assessment.selectors.contracts import DueContract, Probation
from assessment.selectors.found import Found
from songshan_cw.files.figures import day
from songshan_cw.files.table import DAY, WHOLE, WIDE, Column, Table
from songshan_cw.policy.schema import AbsenceLimit, article
from songshan_cw.site.parts import badge, beside, clause, faint, lines, link, person_address
from workers.rules.absence import Reached
from workers.selectors.absences import AbsenceRow
from workers.selectors.hirings import Hired

Names = Mapping[str, str]
NOT_ENTERED = "未登记"


def due_table(names: Names, on: date) -> Table[DueContract]:
    def evidence(row: DueContract) -> str:
        return f"{row.evidence.missing(on)}（{row.person.policy.contract.renewal.article}）"

    def met(row: DueContract) -> str:
        state = "已审核" if row.evidence.met else "待审核" if row.evidence.awaited(on) else "未说明"
        return badge(row.evidence.word(on), state)

    def renewal(row: DueContract) -> str:
        return link("续聘", reverse("admin:person_event", args=[row.person.id, "renewal"]))

    return Table(
        "将到期的合同",
        (
            Column("社区", lambda row: names.get(row.person.community)),
            Column("姓名", lambda row: row.person.name, link=lambda row: person_address(row.person.id, "contracts")),
            Column("合同终止日", lambda row: row.end, DAY),
            Column("剩余天数", lambda row: row.days_left, WHOLE),
            Column("续聘条件", lambda row: row.evidence.word(on), show=met),
            Column("依据", evidence, WIDE),
            Column("办理", show=renewal, permission="workers.add_contract"),
        ),
        empty="没有将到期的合同。",
    )


def trying_table(names: Names) -> Table[Probation]:
    return Table(
        "试用期内",
        (
            Column("社区", lambda row: names.get(row.person.community)),
            Column("姓名", lambda row: row.person.name, link=lambda row: person_address(row.person.id, "contracts")),
            Column("合同起始日", lambda row: row.since, DAY),
            Column("试用期至", lambda row: row.until, DAY),
        ),
        empty="没有人在试用期内。",
    )


def _hired(names: Names) -> tuple[Column[Hired], ...]:
    return (
        Column("社区", lambda row: names.get(row.community)),
        Column("姓名", lambda row: row.name, link=lambda row: person_address(row.id, "contracts")),
        Column("参加社区工作", lambda row: row.hired_on, DAY),
        Column("录用方式", lambda row: row.method or NOT_ENTERED),
    )


def bound_table(names: Names) -> Table[Hired]:
    return Table(
        "最低服务期内",
        (*_hired(names), Column("最低服务至", lambda row: row.until, DAY)),
        empty="没有人在最低服务期内；政策没有规定最低服务期的，不列。",
    )


def doubted_table(names: Names) -> Table[Hired]:
    return Table(
        "录用待核对",
        (*_hired(names), Column("请核对", lambda row: "".join(row.doubts), WIDE)),
        empty="施行后招聘的专职工作者都已登记录用方式，并符合招聘条件。",
    )


def absent_table(names: Names) -> Table[AbsenceRow]:
    return Table(
        "旷工",
        (
            Column("社区", lambda row: names.get(row.person.community)),
            Column("姓名", lambda row: row.person.name, link=lambda row: person_address(row.person.id, "absences")),
            Column("累计", lambda row: row.days, WHOLE, show=_days_absent),
            Column("限额", _limits, WIDE),
            Column("连续达到", lambda row: _reached(row.running, row.person.policy.dismissal.absence_running.value)),
            Column("一年内累计达到", _reached_in_a_year, show=lambda row: lines(_reached_in_a_year(row), _note(row))),
        ),
        empty="没有旷工记录。",
    )


def _days_absent(row: AbsenceRow) -> str:
    return f"{row.days}个{row.person.policy.dismissal.absence_yearly.value.day_kind}"


def _limits(row: AbsenceRow) -> str:
    rules = row.person.policy.dismissal
    running, yearly = _limit(rules.absence_running.value), _limit(rules.absence_yearly.value)
    return f"连续{running}或一年内{yearly}（{rules.absence_running.article}）"


def _limit(limit: AbsenceLimit) -> str:
    return f"{'超过' if limit.exceed else '满'}{limit.days}个{limit.day_kind}"


def _reached(reached: Reached | None, limit: AbsenceLimit) -> str:
    return f"{day(reached.on)}，{reached.days}个{limit.day_kind}" if reached else "没有"


def _reached_in_a_year(row: AbsenceRow) -> str:
    return _reached(row.yearly, row.person.policy.dismissal.absence_yearly.value)


def _note(row: AbsenceRow) -> str:
    return beside(badge("请注意", "未说明"), row.note) if row.note else ""


def findings_table(title: str, empty: str) -> Table[Found]:
    """List findings about one person each."""
    return Table(
        title,
        (
            Column("社区", lambda row: row.place),
            Column("姓名", lambda row: "、".join(one.name for one in row.people), show=_people),
            Column("自", lambda row: row.finding.since, DAY),
            Column("情况与办法", lambda row: row.finding.message, WIDE),
            Column(
                "依据", lambda row: article(row.finding.clause), show=lambda row: clause(article(row.finding.clause))
            ),
        ),
        empty=empty,
    )


def _article(row: Found) -> str:
    return article(row.finding.clause)


def _people(row: Found) -> str:
    return lines(*(lines(link(one.name, person_address(one.pk)), faint(one.masked_number)) for one in row.people))
