"""What offices have decided in the demo: how people were hired, secondments through all approvals, a wider share."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random

from assessment.models import ShareException
from songshan_cw.policy import policy_at
from songshan_cw.words.terms import Category, DayOff, Position, Post, Role, SecondmentState
from workers.models import CalendarDay, Hiring, Secondment, SecondmentApproval, Standing, User, Worker
from workers.rules.recruitment import hiring_methods
from workers.selectors.hirings import hiring_policy

IN_SERVICE, ELECTED, MOVED, POSTED = "在岗纳入", "选任", "调入", "下派"
OF_CATEGORY = {
    Category.COMMITTEE: ELECTED,
    Category.TRANSFER: MOVED,
    Category.CIVIL_POST: POSTED,
}
REASON = "基层治理专班"
NOT_ENTERED = 0.03  # of those recruited


def add_proceedings(*, rng: Random, district: str, actor: User, at: datetime, today: date) -> None:
    """The same people give the same proceedings."""
    Hiring.objects.bulk_create(_hirings(rng, district, today), batch_size=1_000)
    bureau = User.objects.filter(role=Role.BUREAU.value, region=district).first() or actor
    approvers = {Role.BUREAU: bureau}
    approvers[Role.ORGANISATION] = User.objects.filter(role=Role.ORGANISATION.value, region=district).first() or bureau
    CalendarDay.objects.create(
        district_id=district,
        day=date(today.year, 1, 23),
        kind=DayOff.REST.value,
        name="暴雪停工一天",
        document_no=f"演办〔{today.year}〕2号",
    )
    lent = Secondment.objects.bulk_create(_approved(rng, district, actor, at, today))
    SecondmentApproval.objects.bulk_create(_approvals(lent, approvers, at))
    street = (
        Standing.objects.filter(street__code__startswith=district).order_by("street").values_list("street", flat=True)
    )
    if (code := street.last()) is not None:
        ShareException.objects.create(
            street_id=code,
            year=today.year - 1,
            extra=1,
            reason="老旧小区改造任务重，街道党工委会议研究提出",
            granted_by=bureau,
            granted_at=at,
        )


def _hirings(rng: Random, district: str, today: date) -> Iterator[Hiring]:
    """By the document's ways since it is in force; the elected, the moved and those from before by theirs."""
    rows = Worker.objects.filter(standing__street__code__startswith=district).exclude(
        category__in=[Category.RETIRED.value, Category.TOLL_STATION.value, Category.OTHER.value]
    )
    for key, category, hired_on in rows.order_by("pk").values_list("pk", "category", "hired_on"):
        policy = hiring_policy(district, hired_on, today)
        method = OF_CATEGORY.get(Category(category))
        if method is None and policy is not None:
            recruited = hired_on >= policy.document.in_force_from
            if recruited and rng.random() < NOT_ENTERED:
                continue
            method = hiring_methods(policy)[rng.random() < 0.2] if recruited else IN_SERVICE
        if method is not None:
            yield Hiring(worker_id=key, method=method, document_no=f"演聘〔{hired_on.year}〕{rng.randint(1, 40)}号")


def _approved(rng: Random, district: str, actor: User, at: datetime, today: date) -> Iterator[Secondment]:
    """Two away with every approval, one of them overdue; of communities that lend nobody else."""
    approved = Secondment.objects.filter(state=SecondmentState.APPROVED.value)
    lending = approved.values("worker__standing__community")
    ready = Standing.objects.filter(
        street__code__startswith=district,
        left_on=None,
        post=Post.STAFF.value,
        position=Position.COMMUNITY_WORKER.value,
        worker__category__in=[Category.STAFF.value, Category.COMMITTEE.value],
        worker__hired_on__lt=today - timedelta(days=400),
        worker__postassignments__start__lt=today - timedelta(days=150),
        worker__servicegaps=None,
        worker__secondments=None,
    ).exclude(community__in=lending)
    chosen = sorted(set(ready.values_list("worker_id", "community_id")))
    rng.shuffle(chosen)
    used: set[str] = set()
    for worker_id, community in chosen:
        if community in used or len(used) == 2:
            continue
        end = today - timedelta(days=9) if used else today + timedelta(days=20)
        used.add(community)
        yield Secondment(
            worker_id=worker_id,
            body="基层治理工作专班",
            start=end - timedelta(days=75),
            end=end,
            reason=REASON,
            state=SecondmentState.APPROVED.value,
            requested_by=actor,
            requested_at=at - timedelta(days=100),
        )


def _approvals(lent: Sequence[Secondment], approvers: dict[Role, User], at: datetime) -> Iterator[SecondmentApproval]:
    communities = dict(
        Standing.objects.filter(worker__in=[one.worker_id for one in lent]).values_list("worker", "community")
    )
    for secondment in lent:
        steps = policy_at(communities[secondment.worker_id], secondment.start).secondment.approvals.value
        for number, step in enumerate(steps, start=1):
            yield SecondmentApproval(
                secondment=secondment,
                step=number,
                authority=step.authority,
                role=step.role.value,
                agreed=True,
                by=approvers[step.role],
                at=at - timedelta(days=95 - number),
                document_no=f"演借〔{secondment.start.year}〕{number}号",
            )
