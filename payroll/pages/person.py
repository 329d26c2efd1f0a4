"""One person's page: who they are now, the ladder with its causes, and each part of the file as a tab."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from payroll.pages.events import events_for, people_standing
from payroll.pages.grade_drawing import Drawing, drawing, numbered
from payroll.pages.pay_tables import month_slips_table
from payroll.pages.person_tabs import TABS, contract_state, slips_of
from payroll.rules.explanation import Explained
from payroll.rules.timeline import Moment, Timeline
from payroll.selectors.people import posts_to_come
from payroll.selectors.timeline import grade_timeline
from songshan_cw.data.refusal import Refused
from songshan_cw.files.table import WRAPPED, Column, Table
from songshan_cw.policy import PolicyGap, Reading, policy_at
from songshan_cw.site.page import Page
from songshan_cw.site.parts import badge, beside, blocks, circle
from songshan_cw.words.periods import label_zh, month_of, years
from workers.models import Worker
from workers.rules.identity import birth_date, masked, masked_account, masked_phone, sex
from workers.rules.rights import roles_with
from workers.rules.staffing import age_on
from workers.selectors.categories import category_of
from workers.selectors.hirings import hired
from workers.selectors.refusals import reason_of
from workers.selectors.trail import changes_of

SLIPS_SHOWN = 12
CHANGES_SHOWN = 100
OVERVIEW, PAY, CHANGES = "overview", "pay", "changes"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the timeline's table; ``number`` 0: the grade stayed."""

    number: int
    month: str
    grade: str
    rose: int
    credit: str
    causes: tuple[Explained, ...]
    future: bool


@dataclass(frozen=True, slots=True)
class Ladder:
    """The timeline ready to draw; ``reason`` instead, where there is none. ``early``: before any grade table."""

    reason: str = ""
    drawing: Drawing | None = None
    rows: tuple[Row, ...] = ()
    early: tuple[Row, ...] = ()
    readings: tuple[Reading, ...] = ()
    grade: str = ""
    credit: str = ""
    promotion: str = ""


LADDER = Table[Row](
    "等级时间线",
    (
        Column("编号", lambda row: row.number or None, show=lambda row: circle(row.number) if row.number else ""),
        Column("月份", lambda row: row.month, show=lambda row: beside(row.month, badge("推算") if row.future else "")),
        Column("等级", lambda row: row.grade, show=lambda row: beside(row.grade, _moved(row))),
        Column("工作年限", lambda row: row.credit),
        Column("原因", lambda row: "；".join(_causes(row)), WRAPPED, show=lambda row: blocks(_causes(row))),
        Column("依据", lambda row: "；".join(_clauses(row)), show=lambda row: blocks(_clauses(row))),
    ),
    row_class=lambda row: "sw-future" if row.future else "",
)


def _moved(row: Row) -> str:
    """Say how far the grade rose or fell."""
    if not row.rose:
        return ""
    return badge(f"升{row.rose}级", "已审核") if row.rose > 0 else badge(f"降{-row.rose}级", "已退回")


def _causes(row: Row) -> list[str]:
    readings = [f"［{cause.reading.title}］" if cause.reading else "" for cause in row.causes]
    return [f"{cause.title}：{cause.text}{reading}" for cause, reading in zip(row.causes, readings, strict=True)]


def _clauses(row: Row) -> list[str]:
    return [cause.clause for cause in row.causes]


class PersonPage(Page):
    permission = "workers.view_worker"
    template = "pages/people/person.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        worker = self.one(people_standing(), pk=pk)
        today = timezone.localdate()
        tab = request.GET.get("tab", OVERVIEW)
        ladder = ladder_of(worker, today)
        return self.show(
            title=worker.name,
            worker=worker,
            facts=_facts(worker, ladder, today),
            left_on=worker.standing.left_on,
            comes_on=worker.hired_on if worker.hired_on > today else None,
            out_of_scheme=_out_of_scheme(worker, today),
            events=events_for(self.user, worker),
            tabs=self._tabs(tab),
            tab=tab,
            sees_pay=self._sees_pay(),
            may_correct=self.user.has_perm("workers.change_worker"),
            may_set_right=self.user.has_perm("workers.correct_person"),
            **self._content(worker, tab, ladder, today),
        )

    def _tabs(self, chosen: str) -> list[tuple[str, str, bool]]:
        names = [(OVERVIEW, "等级时间线")]
        if self._sees_pay():
            names.append((PAY, "工资"))
        names += [(key, title) for key, (title, _) in TABS.items()]
        names.append((CHANGES, "变更记录"))
        return [(key, title, key == chosen) for key, title in names]

    def _sees_pay(self) -> bool:
        return self.user.has_perm("payroll.view_payslip")

    def _content(self, worker: Worker, tab: str, ladder: Ladder, today: date) -> dict[str, Any]:
        """What the chosen tab shows; an unknown one shows the overview."""
        if tab in TABS:
            return {"tables": TABS[tab][1](worker, self.user, today)}
        if tab == CHANGES:
            return {"changes": list(changes_of(self.user, worker)[:CHANGES_SHOWN]), "changes_shown": CHANGES_SHOWN}
        if tab == PAY and self._sees_pay():
            return {"slips": self.draw(month_slips_table(), slips_of(worker, self.user)), "all_slips": True}
        newest = slips_of(worker, self.user)[:SLIPS_SHOWN]
        slips = self.draw(month_slips_table(), newest) if self._sees_pay() else None
        tables = {name: self.draw(LADDER, getattr(ladder, name)) for name in ("rows", "early")}
        return {"ladder": ladder, "slips": slips, **tables}


def ladder_of(worker: Worker, today: date) -> Ladder:
    """The replay as picture and table, or why there is none."""
    try:
        line = grade_timeline(worker=worker, today=month_of(today))
    except (Refused, PolicyGap) as refusal:
        return Ladder(reason=reason_of(refusal))
    first = month_of(worker.hired_on)
    if first > month_of(today):
        return Ladder(reason=f"{worker.hired_on}起到岗，等级和工资自{label_zh(first)}起推算。")
    if line.now is None:
        who = roles_with("payroll.import_table")
        return Ladder(reason=f"本旗县区还没有等级系数表，暂时不能推算等级。请由{who}导入等级系数表。")
    left = worker.standing.left_on
    moments = tuple(reversed(numbered(line)))
    readings = {cause.reading for _, moment in moments for cause in moment.causes if cause.reading}
    return Ladder(
        drawing=drawing(line, None if left is None else month_of(left)),
        rows=tuple(_row(number, moment) for number, moment in moments if moment.level),
        early=tuple(_row(number, moment) for number, moment in moments if moment.level is None),
        readings=tuple(sorted(readings, key=lambda reading: reading.code)),
        grade=f"{line.now.grade}级（{line.now.assignment.post}{line.now.step}档）",
        credit=years(line.now.credited_months),
        promotion=_promotion(line),
    )


def _promotion(line: Timeline) -> str:
    if line.promotion is None or line.promotion.level is None:
        return ""
    return f"{label_zh(line.promotion.month)}升至{line.promotion.level.grade}级"


def _row(number: int, moment: Moment) -> Row:
    level = moment.level
    return Row(
        number=number,
        month=label_zh(moment.month),
        grade=f"{level.grade}级（{level.assignment.post}{level.step}档）" if level else "—",
        rose=moment.rose,
        credit=years(level.credited_months) if level else "—",
        causes=moment.causes,
        future=moment.future,
    )


def _out_of_scheme(worker: Worker, today: date) -> str:
    """Why the person is registered only; empty for everybody the scheme pays (rules 2.1, 2.2)."""
    try:
        scope = policy_at(worker.standing.street_id, today).scope
    except PolicyGap as gap:
        return reason_of(gap)
    category = category_of(worker, today)
    if category in scope.in_scheme.value:
        return ""
    return f"人员类别为{category}，只登记、不计发工资（{scope.in_scheme.article}）。"


def _facts(worker: Worker, ladder: Ladder, today: date) -> list[tuple[str, str]]:
    """The header, as (what, value)."""
    now, came = worker.standing, hired(worker, today)
    dual = "，一肩挑" if now.dual else ""
    end = (
        f"至{now.contract_end}（{contract_state(None, now.contract_end, today, now.left_on)}）"
        if now.contract_end
        else "未登记终止日"
    )
    told = [
        ("岗位", f"{now.position}（{now.post}{dual}）{_counting(worker, today)}"),
        ("等级", ladder.grade or "—"),
        ("工作年限", ladder.credit or "—"),
        ("下次晋级", ladder.promotion or "—"),
        ("社区", f"{now.street} · {now.community}"),
        ("合同", end),
        ("学历", now.education),
        ("职业资格", now.certificate or "无"),
        ("人员类别", category_of(worker, today)),
        ("参加社区工作", str(worker.hired_on)),
        ("录用方式", came.method or "未登记"),
        ("最低服务期", f"至{came.until}" if came.until else ""),
        ("身份证号", masked(worker.id_number)),
        ("性别、年龄", f"{sex(worker.id_number)}，{age_on(birth_date(worker.id_number), today)}岁"),
        ("政治面貌", worker.political_status or "未登记"),
        ("联系电话", masked_phone(worker.phone) or "未登记"),
        ("银行卡号", masked_account(worker.bank_account) or "未登记"),
    ]
    untold = {"下次晋级"} if now.left_on else set()
    return [(what, value) for what, value in told if what not in untold and value]


def _counting(worker: Worker, today: date) -> str:
    """From when a new post decides the grade, where it does not yet (rules 3.5)."""
    month = posts_to_come([worker.pk], today).get(worker.pk)
    return f"，自{label_zh(month)}起按新岗位定级" if month is not None else ""
