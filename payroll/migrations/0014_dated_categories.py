"""Date the categories of people who were paid and are outside the scheme now, so that what they got stays theirs.

Until now the category had no date and such people's paid months were left alone. They get their former category since
hiring, and today's from the month after the last one they were paid for.
"""

from datetime import date

from django.db import migrations

OUTSIDE = ("退休人员", "在编在职", "收费站分流", "其他人员")
FORMER = "专职工作者"  # where the trail does not say


def date_categories(apps, schema_editor):
    worker, change, record = (apps.get_model("workers", name) for name in ("Worker", "Change", "CategoryRecord"))
    slips = apps.get_model("payroll", "Payslip").objects.filter(run__state="已审核", grade__isnull=False)
    for person in worker.objects.filter(category__in=OUTSIDE, pk__in=slips.values("worker")).iterator():
        month = slips.filter(worker=person).order_by("-month").values_list("month", flat=True).first() + 1
        record.objects.create(worker=person, start=date(month // 12, month % 12 + 1, 1), category=person.category)
        trail = change.objects.filter(worker=person).order_by("-at", "-pk").values_list("items", flat=True)
        told = (item[3] for items in trail for item in items if item[2] == "人员类别" and item[4] == person.category)
        person.category = next((old for old in told if old and old not in OUTSIDE), FORMER)
        person.save(update_fields=["category"])


class Migration(migrations.Migration):

    dependencies = [
        ('payroll', '0013_go_live'),
        ('workers', '0019_category_records'),
    ]

    operations = [
        migrations.RunPython(date_categories, migrations.RunPython.noop, elidable=False),
    ]
