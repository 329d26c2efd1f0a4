"""What needs a second look before a month's runs are approved (rules 7.7). Statements do not grow with people.

A look is about something new since the person's last approved slip; before the street's first run, only about
placements, arrears, and numbers shared with others. A key names the fact with its content, so a tick lasts while the
fact stays.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Max, OuterRef, Q, Subquery
from django.utils.crypto import salted_hmac

from payroll.models import PaidTo, PayLine, PayrollRun, Payslip
from payroll.rules.review import LARGE_CHANGE
from payroll.rules.second_look import LookKind, SecondLook
from payroll.selectors.ledger import month_cash
from songshan_cw.words.components import components
from songshan_cw.words.money import EXACT, ZERO
from songshan_cw.words.periods import Month, label, label_zh, last_day, next_month_of
from songshan_cw.words.terms import RunState
from workers.models import Change, Placement, PostAssignment, Worker
from workers.selectors.categories import category_on
from workers.selectors.streams import among

OCCASION = "工资"  # of all runs: a tick lasts from month to month while the fact stays
PLACEMENT, CATEGORY = "定级核定", "人员类别"


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip of a run with its arrears in yuan, the person as registered now, and the category of the month."""

    run: PayrollRun
    worker: Worker
    arrears: Decimal
    months: tuple[Month, ...]
    cash: Decimal
    category: str
    digest: str  # of the facts it was computed from


class Known(NamedTuple):
    """What is read once for all slips. ``since``: person → when the last slip was approved, and its month.

    ``running``: the streets with an approved run before these.
    """

    since: Mapping[int, tuple[datetime, Month]]
    running: Set[str]
    changes: Mapping[int, list[Change]]
    before: Mapping[int, Decimal]
    accounts: Mapping[int, str]


def looks_of_runs(runs: Sequence[PayrollRun]) -> list[SecondLook]:
    """List the looks of runs of one month, street by street."""
    if not runs:
        return []
    slips = _slips(runs)
    keys = [slip.worker.pk for slip in slips]
    since = _since(keys, runs[0].month)
    known = Known(since, _running(runs), _changes(keys, since), month_cash(keys, runs[0].month - 1), _accounts(keys))
    looks = [*_placements(slips, known), *_posts(slips, known), *_shared(slips)]
    for slip in slips:
        looks += _of_slip(slip, known)
    return sorted(looks, key=lambda look: (look.street_code, look.kind, look.id_number))


def _slips(runs: Sequence[PayrollRun]) -> list[Slip]:
    cash = {one.term for one in components() if one.is_paid_monthly}
    by_run = {run.pk: run for run in runs}
    arrears: dict[int, Decimal] = defaultdict(lambda: ZERO)
    own: dict[int, Decimal] = defaultdict(lambda: ZERO)
    months: dict[int, set[Month]] = defaultdict(set)
    rows = PayLine.objects.filter(payslip__run__in=by_run, component__in=cash).order_by()
    for slip, month, for_month, amount in rows.values_list("payslip_id", "payslip__month", "for_month", "amount"):
        target = own if month == for_month else arrears
        target[slip] = EXACT.add(target[slip], amount)
        if month != for_month:
            months[slip].add(for_month)
    found = Payslip.objects.filter(run__in=by_run).select_related("worker").defer("trace").order_by("pk")
    found = found.annotate(category=category_on(last_day(runs[0].month), worker="worker__"))
    return [
        Slip(
            by_run[one.run_id],
            one.worker,
            arrears[one.pk],
            tuple(sorted(months[one.pk])),
            own[one.pk],
            one.category,
            one.facts_digest,
        )
        for one in found
    ]


def _since(keys: Sequence[int], month: Month) -> dict[int, tuple[datetime, Month]]:
    """Map people to the approval and month of their newest approved slip before a month."""
    approved = Payslip.objects.filter(run__state=RunState.APPROVED.value, month__lt=month).order_by()
    rows = among(approved, "worker_id", list(keys)).values("worker_id")
    rows = rows.annotate(at=Max("run__approved_at"), newest=Max("month"))
    return {row["worker_id"]: (row["at"], row["newest"]) for row in rows}


def _running(runs: Sequence[PayrollRun]) -> set[str]:
    approved = PayrollRun.objects.filter(state=RunState.APPROVED.value, month__lt=runs[0].month).order_by()
    return set(approved.filter(street__in=[run.street_id for run in runs]).values_list("street_id", flat=True))


def _changes(keys: Sequence[int], since: Mapping[int, tuple[datetime, Month]]) -> dict[int, list[Change]]:
    """Map people to the trail of their records, newest first: since the earliest approval, a newcomer's whole."""
    found: dict[int, list[Change]] = defaultdict(list)
    rows = among(Change.objects.all(), "worker_id", list(keys))
    if since:
        newcomers = [key for key in keys if key not in since]
        rows = rows.filter(Q(at__gt=min(at for at, _ in since.values())) | Q(worker_id__in=newcomers))
    for change in rows.select_related("actor").order_by("-pk"):
        found[change.worker_id or 0].append(change)
    return found


def _accounts(keys: Sequence[int]) -> dict[int, str]:
    """Map people to the account their last approved slip was paid to; empty texts included."""
    newest = Payslip.objects.filter(worker=OuterRef("payslip__worker"), run__state=RunState.APPROVED.value)
    last = Subquery(newest.order_by("-month").values("pk")[:1])
    rows = among(PaidTo.objects.filter(payslip=last), "payslip__worker_id", list(keys))
    return dict(rows.values_list("payslip__worker_id", "bank_account"))


def _look(slip: Slip, kind: LookKind, key: str, message: str, amount: Decimal, **more: Any) -> SecondLook:
    worker = slip.worker
    whole = f"{kind.name}:{worker.pk}:{key}"[:120]
    return SecondLook(
        whole, kind, slip.run.street_id, worker.pk, worker.id_number, worker.name, amount, message, **more
    )


def _entered(slip: Slip, known: Known, *records: str, field: str = "") -> dict[str, Any]:
    """Return author and time of the newest change of a person's records of these kinds, or of a field."""
    for change in known.changes.get(slip.worker.pk, ()):
        if any((not records or item[0] in records) and (not field or item[2] == field) for item in change.items):
            actor = change.actor
            return {"author": str(actor or "系统命令"), "author_id": actor.pk if actor else None, "at": change.at}
    return {}


def _is_new(slip: Slip, known: Known, at: datetime | None) -> bool:
    """Return whether something was entered after the person's last approved slip; everything is for a newcomer."""
    since = known.since.get(slip.worker.pk)
    return since is None or (at is not None and at > since[0])


def _of_slip(slip: Slip, known: Known) -> Iterator[SecondLook]:
    run, worker = slip.run, slip.worker
    account, before = known.accounts.get(worker.pk), known.before.get(worker.pk)
    if slip.months:
        span = "、".join(label(month) for month in slip.months[:3]) + ("等" if len(slip.months) > 3 else "")
        verb = "补发" if slip.arrears >= 0 else "扣回"
        text = f"{worker.name}：{verb}{abs(slip.arrears):,.2f}元（{span}，共{len(slip.months)}个月）。"
        kind = LookKind.FIRST_WITH_ARREARS if account is None else LookKind.EARLIER_MONTHS
        yield _look(
            slip, kind, f"{label(run.month)}:{slip.arrears}:{slip.digest}", text, slip.arrears, **_entered(slip, known)
        )
    if account is not None and account != worker.bank_account:
        text = f"{worker.name}：银行账户与上次发放的不同，现为尾号{worker.bank_account[-4:] or '（空）'}。"
        whose = _entered(slip, known, field="银行卡号")
        yield _look(slip, LookKind.ACCOUNT, worker.account_lookup[:40] or "none", text, slip.cash, **whose)
    entered = _entered(slip, known, field=CATEGORY) or _entered(slip, known, CATEGORY)
    if entered and run.street_id in known.running and _is_new(slip, known, entered["at"]) and before is None:
        text = f"{worker.name}：新纳入工资体系（{slip.category}）。"
        yield _look(slip, LookKind.TAKEN_IN, slip.category, text, slip.cash, **entered)
    if before and slip.cash > EXACT.multiply(before, 1 + LARGE_CHANGE):
        text = f"{worker.name}：基本工资加津贴由{before:,.2f}元增至{slip.cash:,.2f}元。"
        rise = EXACT.subtract(slip.cash, before)
        yield _look(
            slip, LookKind.RISE, f"{label(run.month)}:{slip.cash}:{slip.digest}", text, rise, **_entered(slip, known)
        )


def _placements(slips: Sequence[Slip], known: Known) -> Iterator[SecondLook]:
    by_worker = {slip.worker.pk: slip for slip in slips}
    for row in among(Placement.objects.all(), "worker_id", list(by_worker)).order_by("month"):
        slip = by_worker[row.worker_id]
        entered = _entered(slip, known, PLACEMENT)
        if not _is_new(slip, known, entered.get("at")):
            continue
        document = row.document_no or "无文号"
        text = f"{slip.worker.name}：{label_zh(row.month)}定级核定{row.credited_months}个月，{document}。"
        change = EXACT.subtract(slip.cash, known.before.get(row.worker_id, slip.cash))
        key = f"{label(row.month)}:{row.credited_months}:{row.document_no}"
        yield _look(slip, LookKind.PLACEMENT, key, text, change, document=row.document_no, **entered)


def _posts(slips: Sequence[Slip], known: Known) -> Iterator[SecondLook]:
    """Changes of post without a document that count in this run first, or were entered since the last one."""
    by_worker = {slip.worker.pk: slip for slip in slips}
    rows = among(PostAssignment.objects.filter(document_no=""), "worker_id", list(by_worker)).order_by("start")
    for row in rows:
        slip = by_worker[row.worker_id]
        since = known.since.get(row.worker_id)
        if since is None or row.start <= slip.worker.hired_on or next_month_of(row.start) > slip.run.month:
            continue
        entered = _entered(slip, known, "任职", "岗位变动")
        if next_month_of(row.start) <= since[1] and not (entered and _is_new(slip, known, entered["at"])):
            continue
        text = f"{slip.worker.name}：{row.start}起任{row.position}（{row.post}），没有文号。"
        change = EXACT.subtract(slip.cash, known.before.get(row.worker_id, slip.cash))
        yield _look(slip, LookKind.UNDOCUMENTED_POST, f"{row.start}:{row.post}", text, change, **entered)


def _shared(slips: Sequence[Slip]) -> Iterator[SecondLook]:
    """Cards, telephones, and names in one community that somebody else has too."""
    for slip, what, shared, others in _same(slips):
        own_street = [other for other in others if other[2] == slip.run.street_id]
        whom = "、".join(name for _, name, _ in own_street[:3]) or "其他街道的人员"
        text = f"{slip.worker.name}：{what}与{whom}相同，请核对是否同一人或填错。"
        content = f"{shared}:{sorted(key for key, *_ in others)}"
        key = salted_hmac("payroll.second_look", content).hexdigest()[:24]
        yield _look(slip, LookKind.SHARED, f"{what}:{key}", text, slip.cash)


Other = tuple[int, str, str]  # key, name and street
Shared = tuple[Slip, str, object, list[Other]]  # who, what is shared, its value, with whom


def _same(slips: Sequence[Slip]) -> Iterator[Shared]:
    serving = Worker.objects.filter(standing__left_on=None, merged_into=None)
    columns = ("pk", "name", "standing__street_id")
    for what, path, value in (
        ("银行卡号", "account_lookup", lambda one: one.account_lookup),
        ("联系电话", "phone", lambda one: one.phone),
    ):
        wanted = {value(slip.worker) for slip in slips} - {""}
        rows = among(serving.exclude(**{path: ""}), path, sorted(wanted)).values_list(path, *columns)
        yield from _grouped(slips, what, value, rows)
    names = sorted({slip.worker.name for slip in slips})
    rows = among(serving, "name", names).values_list("standing__community_id", "name", *columns)
    place = {row[2]: row[0] for row in rows}
    yield from _grouped(
        slips,
        "姓名和社区",
        lambda one: (place.get(one.pk), one.name),
        [((community, name), *rest) for community, name, *rest in rows],
    )


def _grouped(
    slips: Sequence[Slip], what: str, value: Any, rows: Any
) -> Iterator[tuple[Slip, str, object, list[Other]]]:
    groups: dict[Any, list[Other]] = defaultdict(list)
    for shared, key, name, street in rows:
        groups[shared].append((key, name, street))
    for slip in slips:
        shared = value(slip.worker)
        others = [other for other in groups.get(shared, ()) if other[0] != slip.worker.pk]
        if others:
            yield slip, what, shared, others
