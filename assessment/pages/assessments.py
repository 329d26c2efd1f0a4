"""A street's year of assessments in one table: the clerk proposes, the leader decides, the bureau files the results."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from assessment.selectors.sheet import Sheet, progress, sheet_of
from assessment.services.filing import file_results, reopen_filing
from assessment.services.share import grant_exception
from assessment.services.sheet import SCORES, Suggestion, decide_sheet, propose_sheet, score_faults
from songshan_cw.data.refusal import Refused
from songshan_cw.files.table import WHOLE, Column, Table
from songshan_cw.policy import PolicyGap
from songshan_cw.site.page import Page
from songshan_cw.words.money import ZERO
from songshan_cw.words.terms import RegionLevel, Result
from workers.models import STREET_ROLES, Region
from workers.selectors.refusals import reason_of

FIRST_YEAR = 2018
FROM_MONTH = 11  # from November on, streets assess the current year
INCOMPLETE = "提交的内容不完整，没有保存任何内容。请重新打开本页再填。"
LONGEST, LISTED = 12, 20  # characters of a score, faults listed
MOST_DIGITS = 4
SHOWN = (*SCORES, "total", "result")
STREETS = Region.objects.filter(level=RegionLevel.STREET.value)


def year_at_hand() -> int:
    today = timezone.localdate()
    return today.year if today.month >= FROM_MONTH else today.year - 1


def streets_table(year: int) -> Table[dict[str, Any]]:
    def count(head: str, name: str) -> Column[dict[str, Any]]:
        return Column(head, lambda row: row[name], WHOLE, total=True)

    def sheet(row: dict[str, Any]) -> str:
        return reverse("admin:assess_sheet", args=[year, row["street"].code])

    return Table(
        f"{year}年度考核",
        (
            Column("街道(乡镇)", lambda row: row["street"].name, names_row=True, link=sheet),
            count("在职人数", "people"),
            count("已提建议", "proposed"),
            count("已确定", "decided"),
            count("其中优秀", "excellent"),
            count("已备案", "filed"),
        ),
        empty="还没有街道。请由系统管理员装入区划。",
    )


class AssessPage(Page):
    """Choose a street and year. Users of a street go straight to their own sheet."""

    permission = "assessment.view_annualassessment"
    title = "年度考核评定"
    template = "pages/assessments/streets.html"
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        year = _year(request.GET.get("year", str(year_at_hand())))
        if self.user.role in STREET_ROLES:
            return AssessSheetPage.as_view()(request, year=str(year), street=self.user.region_id)
        streets = self.seen(STREETS.order_by("code"))
        counts = progress(streets, year, user=self.user)
        rows = [{"street": street, **counts[street.code]} for street in streets]
        return self.show(year=year, years=_years(), streets=self.draw(streets_table(year), rows))


class AssessSheetPage(Page):
    """POST ``do``: empty saves the sheet; ``exception``, ``file`` and ``reopen`` are the bureau's acts on it."""

    permission = "assessment.view_annualassessment"
    template = "pages/assessments/sheet.html"

    def get(self, request: HttpRequest, year: str, street: str) -> HttpResponse:
        return self._drawn(self._sheet(year, street))

    def post(self, request: HttpRequest, year: str, street: str) -> HttpResponse:
        """Draw the page again with the user's input when the act is refused."""
        sheet = self._sheet(year, street)
        acts = {"": self._save, "exception": self._except, "file": self._file, "reopen": self._reopen}
        act = acts.get(request.POST.get("do", ""))
        try:
            if act is None:
                raise Refused(INCOMPLETE)
            done = act(sheet)
        except (Refused, PolicyGap) as refusal:
            return self._drawn(sheet, refusal=reason_of(refusal), filled=request.POST)
        messages.success(request, done)
        return HttpResponseRedirect(reverse("admin:assess_sheet", args=[sheet.year, sheet.street.code]))

    def _sheet(self, year: str, street: str) -> Sheet:
        return sheet_of(self.one(STREETS, code=street), _year(year), user=self.user)

    def _may(self) -> str:
        """Return what this user does with the rows: decide, propose or look."""
        if self.user.has_perm("assessment.decide"):
            return "decide"
        return "propose" if self.user.has_perm("assessment.add_assessmentproposal") else "look"

    def _of(self, sheet: Sheet) -> dict[str, Any]:
        """Return the arguments that every act on the sheet takes."""
        return {"actor": self.user, "street_code": sheet.street.code, "year": sheet.year, "at": timezone.now()}

    def _except(self, sheet: Sheet) -> str:
        extra = self.request.POST.get("extra", "").strip()
        if not (extra.isascii() and extra.isdecimal() and len(extra) <= MOST_DIGITS):
            raise Refused("请填写放宽的人数，例如1。")
        grant_exception(extra=int(extra), reason=self.request.POST.get("why", ""), **self._of(sheet))
        return f"已放宽{sheet.street}{sheet.year}年度优秀名额{int(extra)}人。"

    def _file(self, sheet: Sheet) -> str:
        try:
            on = date.fromisoformat(self.request.POST.get("on", ""))
        except ValueError as fault:
            raise Refused("请填写备案日期，例如2026-01-20。") from fault
        return f"已登记{file_results(on=on, **self._of(sheet))}人的考核结果备案。"

    def _reopen(self, sheet: Sheet) -> str:
        count = reopen_filing(reason=self.request.POST.get("why", ""), **self._of(sheet))
        return f"已退回{count}人的备案，街道可以更正后再备案。"

    def _save(self, sheet: Sheet) -> str:
        count = self._store(sheet)
        return f"已保存，改动{count}人。" if count else "没有改动，不用保存。"

    def _store(self, sheet: Sheet) -> int:
        keys = self._keys(sheet)
        given = self._of(sheet) | {"seen": self.request.POST.get("seen", "")}
        if self._may() == "decide":
            results = {key: _result(text) for key in keys if (text := self._field("result", key))}
            return decide_sheet(results=results, reason=self.request.POST.get("reason", ""), **given)
        names = {row.worker.pk: row.worker.name for row in sheet.rows}
        return propose_sheet(suggestions=self._suggestions(keys, names), **given)

    def _suggestions(self, keys: list[int], names: dict[int, str]) -> dict[int, Suggestion]:
        """Read the suggestions, and report every fault in them at once."""
        found, faults = dict[int, Suggestion](), list[str]()
        for key in keys:
            try:
                suggestion = self._suggestion(key, names[key])
            except Refused as refusal:
                faults.append(str(refusal))
            else:
                found |= {key: suggestion} if suggestion else {}
        faults = [*dict.fromkeys(faults), *score_faults(found, names)]
        if faults:
            more = f"\n另有{len(faults) - LISTED}处填写有误。" if len(faults) > LISTED else ""
            raise Refused("\n".join(faults[:LISTED]) + more)
        return found

    def _keys(self, sheet: Sheet) -> list[int]:
        """Read the rows posted. Refuse a truncated form, rows of other sheets and repeated rows."""
        posted = self.request.POST.getlist("row")
        if self.request.POST.get("rows") != str(len(posted)):
            raise Refused(INCOMPLETE)
        known = {str(row.worker.pk): row.worker.pk for row in sheet.rows}
        if len(set(posted)) != len(posted) or any(key not in known for key in posted):
            raise Refused(INCOMPLETE)
        return [known[key] for key in posted]

    def _field(self, name: str, key: int) -> str:
        text = self.request.POST.get(f"{name}_{key}")
        if text is None:
            raise Refused(INCOMPLETE)
        return text.strip()

    def _suggestion(self, key: int, name: str) -> Suggestion | None:
        """Read one person's row. A blank row proposes nothing; a partly blank one is refused by name."""
        scores = [self._field(score, key) for score in SCORES]
        result = self._field("result", key)
        if not any((*scores, result)):
            return None
        if not all((*scores, result)):
            raise Refused(f"{name}没有填全：三项得分和建议等次要么都填，要么都空着。")
        unread = [text[:LONGEST] for text in scores if _score(text) is None]
        if unread:
            raise Refused("\n".join(f"{name}的得分“{text}”不是数字，请填0至100，最多两位小数。" for text in unread))
        return Suggestion(*(_score(text) or ZERO for text in scores), result=_result(result))

    def _drawn(self, sheet: Sheet, refusal: str = "", filled: Any = None) -> HttpResponse:
        role = self._may()
        rows = [_shown(row, role, filled) for row in sheet.rows]
        return self.show(
            title=f"{sheet.street}　{sheet.year}年度考核评定",
            sheet=sheet,
            share_percent=f"{(sheet.share.rule.value * 100).normalize():f}" if sheet.share else "",
            rows=rows,
            editable=sum(row["editable"] for row in rows),
            may=role,
            may_except=sheet.share is not None and self.user.has_perm("assessment.grant_exception"),
            may_file=self.user.has_perm("assessment.file"),
            today=timezone.localdate(),
            refusal=refusal,
            reason=filled.get("reason", "") if filled else "",
            seen=filled["seen"] if filled and "seen" in filled else sheet.version,
            results=[result.value for result in Result],
            years=_years(),
        )


def _shown(row: Any, role: str, filled: Any) -> dict[str, Any]:
    """Return one row with the stored values, or with the user's input after a refusal."""
    editable = not row.filed if role == "decide" else role == "propose" and row.decision is None
    source = row.decision if role == "decide" else row.proposal
    values = {name: getattr(row.proposal, name, "") for name in SCORES} | {"result": getattr(source, "result", "")}
    if filled is not None and editable:
        values = {name: filled.get(f"{name}_{row.worker.pk}", value) for name, value in values.items()}
    proposed = {name: "—" if row.proposal is None else getattr(row.proposal, name) for name in SHOWN}
    return {"row": row, "editable": editable, "proposed": proposed, **values}


def _result(text: str) -> Result:
    try:
        return Result(text)
    except ValueError as fault:
        raise Refused(f"没有“{text[:20]}”这个等次，请在列表中选择。") from fault


def _score(text: str) -> Decimal | None:
    try:
        return Decimal(text[:LONGEST])
    except InvalidOperation:
        return None


def _year(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= year_at_hand() + 1):
        raise Http404
    return int(text)


def _years() -> list[int]:
    newest = year_at_hand()
    return list(range(newest, newest - 5, -1))
