"""The category of people as of a day: that of the newest change by then, else that of the hiring (rules 2.4)."""

from datetime import date

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from songshan_cw.words.terms import Category
from workers.models import CategoryRecord, Worker


def category_on(day: date, *, worker: str = "") -> Coalesce:
    """Return the expression of the category on a day. ``worker``: the path to the person, with its underscores."""
    changes = CategoryRecord.objects.filter(worker=OuterRef(f"{worker}pk"), start__lte=day)
    return Coalesce(Subquery(changes.order_by("-start").values("category")[:1]), F(f"{worker}category"))


def category_of(worker: Worker, day: date) -> Category:
    """Return one person's category on a day."""
    changes = CategoryRecord.objects.filter(worker=worker, start__lte=day).order_by("-start")
    return Category(changes.values_list("category", flat=True).first() or worker.category)
