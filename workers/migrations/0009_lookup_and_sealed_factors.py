"""Bank accounts get a keyed digest to be found by, second factors are sealed, accesses name their person or region."""

from binascii import unhexlify

import django.db.models.deletion
from django.db import migrations, models

import songshan_cw.data.fields
from songshan_cw.data.bulk import update_rows
from songshan_cw.data.sealing import lookup_of, open_bytes, seal_bytes

AT_ONCE = 50_000


def fill_lookups(apps, _schema_editor):
    """Batch after batch by key, each written by one statement: a million people are neither held nor asked one by one.
    Whoever has no account keeps the empty digest the column came with."""
    model = apps.get_model("workers", "Worker")
    having = model.objects.exclude(bank_account="").order_by("pk").values_list("pk", "bank_account")
    last = 0
    while batch := list(having.filter(pk__gt=last)[:AT_ONCE]):
        update_rows(model, ["account_lookup"], [(key, lookup_of(account)) for key, account in batch])
        last = batch[-1][0]


def seal_factors(apps, _schema_editor):
    for device in apps.get_model("otp_totp", "TOTPDevice").objects.iterator():
        device.key = seal_bytes(unhexlify(device.key))
        device.save(update_fields=["key"])


def open_factors(apps, _schema_editor):
    for device in apps.get_model("otp_totp", "TOTPDevice").objects.iterator():
        device.key = open_bytes(device.key).hex()
        device.save(update_fields=["key"])


class Migration(migrations.Migration):
    dependencies = [
        ("workers", "0008_uploads_as_jobs"),
        ("otp_totp", "0003_add_timestamps"),
    ]
    operations = [
        migrations.AddField(
            model_name="worker",
            name="account_lookup",
            field=songshan_cw.data.fields.LookupField(of="bank_account", verbose_name="银行卡号检索码"),
        ),
        # Before its index, which is then built once instead of row by row.
        migrations.RunPython(fill_lookups, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="worker",
            index=models.Index(fields=["account_lookup"], name="worker_by_account"),
        ),
        migrations.CreateModel(
            name="SecondFactor",
            fields=[],
            options={
                "verbose_name": "动态口令",
                "verbose_name_plural": "动态口令",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("otp_totp.totpdevice",),
        ),
        migrations.AddField(
            model_name="privateaccess",
            name="worker",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="accesses",
                to="workers.worker",
                verbose_name="社区工作者",
            ),
        ),
        migrations.AddField(
            model_name="privateaccess",
            name="region",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workers.region",
                verbose_name="范围",
            ),
        ),
        migrations.RunPython(seal_factors, open_factors),
    ]
