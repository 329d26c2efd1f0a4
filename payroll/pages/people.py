"""The list of people: filters in the address, capped pages, and export as the workbook."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from payroll.pages.person_tabs import contract_state
from payroll.selectors.people import (
    COUNT_CAP,
    DEFAULT_ORDER,
    ORDERS,
    PAGE_SIZE,
    ContractDue,
    Missing,
    Serving,
    Wanted,
    estimated_people,
    grades_of,
    order_of,
    ordered_keys,
    page_of,
    people,
    posts_to_come,
    too_many,
)
from songshan_cw.data.refusal import Refused
from songshan_cw.files.figures import day, text
from songshan_cw.files.table import DAY, Column, Form, Table
from songshan_cw.site.drawing import Drawn
from songshan_cw.site.page import Page
from songshan_cw.site.parts import badge, faint, lines, link, person_address
from songshan_cw.words.periods import Month, label_zh
from songshan_cw.words.terms import CertificateLevel, Education, Post, Role, choices
from workers.models import STREET_ROLES, Standing, User, Worker
from workers.rules.identity import masked
from workers.selectors.places import communities_of, districts_of, streets_of
from workers.selectors.scope import district_of
from workers.selectors.search import asks_for_number
from workers.workbook.exporting import export_workbook

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ANY = [("", "不限")]
KEPT = Form(text)
GRADES = [(str(grade), f"{grade}级") for grade in range(1, 19)]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """``counts_from``: the month from which a new post decides the grade."""

    worker: Worker
    coming: bool
    grade: int | None
    counts_from: Month | None
    contract: str

    @property
    def now(self) -> Standing:
        return self.worker.standing


def people_table(*, shows_street: bool) -> Table[PersonRow]:
    return Table(
        "社区工作者",
        (
            Column("姓名", lambda row: row.worker.name, sort="name", show=_name),
            Column("身份证号", lambda row: masked(row.worker.id_number), KEPT),
            Column(
                "社区",
                lambda row: row.now.community,
                sort="community",
                show=lambda row: lines(row.now.community, faint(row.now.street) if shows_street else ""),
            ),
            Column("岗位、职务", lambda row: f"{row.now.post}　{row.now.position}", sort="post", show=_post),
            Column(
                "等级",
                lambda row: f"{row.grade}级" if row.grade else None,
                sort="grade",
                permission="payroll.view_payslip",
            ),
            Column("学历", lambda row: row.now.education, sort="education"),
            Column("职业资格", lambda row: row.now.certificate, sort="certificate"),
            Column("参加社区工作", lambda row: row.worker.hired_on, DAY, sort="hired"),
            Column("合同终止", lambda row: row.now.contract_end, DAY, sort="contract", show=_contract),
        ),
        long=True,
    )


def _name(row: PersonRow) -> str:
    left = badge(f"{day(row.now.left_on)}离职") if row.now.left_on else ""
    coming = badge("尚未到岗", "待审核") if row.coming and not left else ""
    return lines(link(row.worker.name, person_address(row.worker.pk)), left, coming)


def _post(row: PersonRow) -> str:
    counts = badge(f"自{label_zh(row.counts_from)}起按新岗位定级") if row.counts_from else ""
    return lines(row.now.position, faint(f"{row.now.post}{'，一肩挑' if row.now.dual else ''}"), counts)


def _contract(row: PersonRow) -> str:
    if not row.now.contract_end or row.now.left_on or row.contract == "履行中":
        return day(row.now.contract_end)
    return lines(day(row.now.contract_end), badge(row.contract, "已退回" if row.contract == "已到期" else "待审核"))


def _choice(label: str, listed: Iterable[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[*ANY, *listed], required=False, widget=UnfoldAdminSelectWidget)


class FilterForm(forms.Form):
    """The filters of the address. Unknown values are field errors and match nothing."""

    q = forms.CharField(label="查找", max_length=40, required=False, widget=UnfoldAdminTextInputWidget)
    district = _choice("旗县区", [])
    street = _choice("街道(乡镇)", [])
    community = _choice("社区", [])
    post = _choice("岗位", choices(Post))
    grade = _choice("等级", GRADES)
    education = _choice("学历", choices(Education))
    certificate = _choice("职业资格", [*choices(CertificateLevel), ("无", "无证书")])
    contract = _choice("合同", choices(ContractDue))
    missing = _choice("资料缺项", choices(Missing))
    serving = _choice("在岗状态", choices(Serving))

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        tail = "、完整电话、证件号或其末4位" if user.sees_private else ""
        self.fields["q"].widget.attrs["placeholder"] = f"姓名、拼音首字母、电话开头3位、末4位{tail}"
        if not user.has_perm("payroll.view_payslip"):
            del self.fields["grade"]
        street = str(data.get("street", ""))
        district = self._offer_districts(user, str(data.get("district", "")))
        if user.role in STREET_ROLES:
            del self.fields["street"]
            street = user.region_id or ""
        elif district is None:
            self.fields["street"].help_text = "先选旗县区"
        else:
            self.fields["street"].choices = [*ANY, *streets_of(user, district)]
        if street:
            self.fields["community"].choices = [*ANY, *communities_of(user, street)]
        else:
            self.fields["community"].help_text = "先选街道"

    def _offer_districts(self, user: User, asked: str) -> str | None:
        """Return the district whose streets are offered: empty for all, None before one is chosen."""
        districts = districts_of(user)
        if not districts:
            del self.fields["district"]
            return ""
        self.fields["district"].choices = [*ANY, *districts]
        return asked or district_of(str(self.data.get("street", ""))) or None

    def wanted(self, order: str) -> Wanted:
        given = {name: value for name, value in self.cleaned_data.items() if value and name not in {"q", "grade"}}
        grade = self.cleaned_data.get("grade")
        return Wanted(search=self.cleaned_data.get("q", ""), grade=int(grade) if grade else None, order=order, **given)


class PeoplePage(Page):
    permission = "workers.view_worker"
    title = "社区工作者"
    template = "pages/people/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        form = FilterForm(request.GET, user=self.user)
        order = self._order(request.GET.get("o", DEFAULT_ORDER))
        if not form.is_valid():
            return self.show(form=form, invalid=True, count=0)
        wanted = form.wanted(order)
        if too_many(self.user, wanted):
            return self.show(form=form, too_many=COUNT_CAP, count=0)
        rows = people(user=self.user, wanted=wanted, today=timezone.localdate())
        if request.GET.get("export") == "1":
            return self._export(rows, whole=False)
        return self._list(form, wanted, ordered_keys(rows, order_of(self.user, wanted)))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Export the people found with whole numbers, for a purpose that is recorded first."""
        form = FilterForm(request.GET, user=self.user)
        if not form.is_valid():
            raise Refused("筛选条件无效，请重新选择后再导出。")
        rows = people(user=self.user, wanted=form.wanted(DEFAULT_ORDER), today=timezone.localdate())
        return self._export(rows, whole=True, purpose=request.POST.get("purpose", ""))

    def _list(self, form: FilterForm, wanted: Wanted, keys: list[int]) -> HttpResponse:
        count = len(keys)
        pages = max(1, -(-min(count, COUNT_CAP) // PAGE_SIZE))
        page = self._page(pages)
        shown = page_of(keys[(page - 1) * PAGE_SIZE : min(page * PAGE_SIZE, COUNT_CAP)])
        filtered = any(form.cleaned_data.values())
        about = estimated_people() if count > COUNT_CAP and self.user.role == Role.ADMINISTRATOR else 0
        return self.show(
            form=form,
            people=self._drawn(shown, wanted.order),
            only_serving=wanted.only_serving,
            count=count,
            about=0 if filtered else about,
            capped=count > COUNT_CAP,
            cap=COUNT_CAP,
            page=page,
            pages=pages,
            previous=self._address(page=page - 1) if page > 1 else "",
            next=self._address(page=page + 1) if page < pages else "",
            export=self._address(export=1),
            here=self._address(),
            may_export=self.user.has_perm("workers.export_workbook"),
            may_register=self.user.has_perm("workers.add_worker"),
            filtered=filtered,
            number_closed=not self.user.sees_private and asks_for_number(form.cleaned_data.get("q", "")),
        )

    def _drawn(self, shown: list[Worker], order: str) -> Drawn:
        """Draw a sheet of people. A second click on a head reverses the order."""
        rows = self._rows(shown, timezone.localdate())
        table = people_table(shows_street=self.user.role not in STREET_ROLES)
        return self.draw(table, rows, ordering=(order, lambda turned: self._address(o=turned, page=1)))

    def _rows(self, shown: list[Worker], today: date) -> list[PersonRow]:
        keys = [worker.pk for worker in shown]
        grades = grades_of(keys) if self._sees_grades() else {}
        to_come = posts_to_come(keys, today) if self._sees_grades() else {}
        return [
            PersonRow(
                worker,
                worker.hired_on > today,
                grades.get(worker.pk),
                to_come.get(worker.pk),
                contract_state(None, worker.standing.contract_end, today),
            )
            for worker in shown
        ]

    def _sees_grades(self) -> bool:
        return self.user.has_perm("payroll.view_payslip")

    def _order(self, given: str) -> str:
        name = given.removeprefix("-")
        unseen = name == "grade" and not self._sees_grades()
        return given if name in ORDERS and not unseen else DEFAULT_ORDER

    def _page(self, pages: int) -> int:
        given = self.request.GET.get("page", "1")
        return min(max(1, int(given)), pages) if given.isascii() and given.isdigit() and len(given) < 9 else 1

    def _address(self, **changed: Any) -> str:
        """Return this list's address with changes, keeping the filters."""
        query = self.request.GET.copy()
        for leaving in ("export", "page"):
            query.pop(leaving, None)
        for name, value in changed.items():
            query[name] = str(value)
        return f"?{query.urlencode()}"

    def _export(self, rows: QuerySet[Standing], *, whole: bool, purpose: str = "") -> HttpResponse:
        """Export the workbook. Whole, it can be imported again; masked, it can only be read (rules 10.6)."""
        self.require("workers.export_workbook")
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "people.xlsx"
            only = Worker.objects.filter(pk__in=rows.values("worker"))
            export_workbook(target, actor=self.user, only=only, purpose=purpose, whole=whole)
            content = target.open("rb")
        kind = "" if whole else "_隐号"
        name = f"人事工作簿{kind}_{timezone.localdate():%Y%m%d}.xlsx"
        return FileResponse(content, as_attachment=True, filename=name, content_type=WORKBOOK)
