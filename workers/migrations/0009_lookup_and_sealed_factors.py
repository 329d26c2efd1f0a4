"""Add a keyed digest to bank accounts, encrypt second factors, and link accesses to their person or region."""

from binascii import unhexlify

import django.db.models.deletion
from django.db import migrations, models

import songshan_cw.data.fields
from songshan_cw.data.sealing import open_bytes, seal_bytes

AT_ONCE = 5_000


def fill_lookups(apps, _schema_editor):
    """Fill the digest of every bank account, in batches by key so that memory does not grow with the table."""
    model = apps.get_model("workers", "Worker")
    lookup = model._meta.get_field("account_lookup")
    having = model.objects.exclude(bank_account="").order_by("pk").only("pk", "bank_account")
    last = 0
    while batch := list(having.filter(pk__gt=last)[:AT_ONCE]):
        for worker in batch:
            lookup.pre_save(worker, add=False)
        model.objects.bulk_update(batch, ["account_lookup"], batch_size=500)
        last = batch[-1].pk


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
