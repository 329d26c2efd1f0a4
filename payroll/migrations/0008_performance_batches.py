"""The batches that pay year-end performance, their seals and the ticks of second looks; final by triggers."""


import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import songshan_cw.data.fields

CREATE_POSTGRESQL = (
    "CREATE FUNCTION keep_payroll_performancebatch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '已审核的绩效批次不可更改或删除；有误之处请更正事实，差额进入补充批次。' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER keep_payroll_performancebatch BEFORE UPDATE OR DELETE ON payroll_performancebatch FOR EACH ROW WHEN (OLD.state = '已审核') EXECUTE FUNCTION keep_payroll_performancebatch()",
    "CREATE FUNCTION keep_payroll_performanceshare() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM touched x JOIN payroll_performancebatch b ON b.id = x.batch_id WHERE b.state = '已审核') THEN RAISE EXCEPTION '已审核的绩效批次不可更改或删除；有误之处请更正事实，差额进入补充批次。' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER keep_payroll_performanceshare_insert AFTER INSERT ON payroll_performanceshare REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_performanceshare()",
    "CREATE TRIGGER keep_payroll_performanceshare_update AFTER UPDATE ON payroll_performanceshare REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_performanceshare()",
    "CREATE TRIGGER keep_payroll_performanceshare_delete AFTER DELETE ON payroll_performanceshare REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_performanceshare()",
    "CREATE TRIGGER keep_payroll_performanceshare_moved AFTER UPDATE ON payroll_performanceshare REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_performanceshare()",
    "CREATE FUNCTION keep_payroll_performancebatch_from_truncation() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM payroll_performancebatch WHERE state = '已审核') THEN RAISE EXCEPTION '已审核的绩效批次不可更改或删除；有误之处请更正事实，差额进入补充批次。' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER keep_payroll_performancebatch_whole BEFORE TRUNCATE ON payroll_performancebatch FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_performancebatch_from_truncation()",
    "CREATE TRIGGER keep_payroll_performanceshare_whole BEFORE TRUNCATE ON payroll_performanceshare FOR EACH STATEMENT EXECUTE FUNCTION keep_payroll_performancebatch_from_truncation()",
    "CREATE FUNCTION append_only_payroll_performanceseal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '留痕记录只能新增，不可更改或删除。' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER append_only_payroll_performanceseal BEFORE UPDATE OR DELETE ON payroll_performanceseal FOR EACH ROW EXECUTE FUNCTION append_only_payroll_performanceseal()",
    "CREATE TRIGGER append_only_payroll_performanceseal_whole BEFORE TRUNCATE ON payroll_performanceseal FOR EACH STATEMENT EXECUTE FUNCTION append_only_payroll_performanceseal()",
    "CREATE FUNCTION append_only_payroll_reviewtick() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '留痕记录只能新增，不可更改或删除。' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER append_only_payroll_reviewtick BEFORE UPDATE OR DELETE ON payroll_reviewtick FOR EACH ROW EXECUTE FUNCTION append_only_payroll_reviewtick()",
    "CREATE TRIGGER append_only_payroll_reviewtick_whole BEFORE TRUNCATE ON payroll_reviewtick FOR EACH STATEMENT EXECUTE FUNCTION append_only_payroll_reviewtick()",
)
DROP_POSTGRESQL = (
    "DROP FUNCTION IF EXISTS keep_payroll_performancebatch() CASCADE",
    "DROP FUNCTION IF EXISTS keep_payroll_performanceshare() CASCADE",
    "DROP FUNCTION IF EXISTS keep_payroll_performancebatch_from_truncation() CASCADE",
    "DROP FUNCTION IF EXISTS append_only_payroll_performanceseal() CASCADE",
    "DROP FUNCTION IF EXISTS append_only_payroll_reviewtick() CASCADE",
)
CREATE_SQLITE = (
    "CREATE TRIGGER keep_payroll_performancebatch_update BEFORE UPDATE ON payroll_performancebatch FOR EACH ROW WHEN OLD.state = '已审核' BEGIN SELECT RAISE(ABORT, '已审核的绩效批次不可更改或删除；有误之处请更正事实，差额进入补充批次。'); END",
    "CREATE TRIGGER keep_payroll_performancebatch_delete BEFORE DELETE ON payroll_performancebatch FOR EACH ROW WHEN OLD.state = '已审核' BEGIN SELECT RAISE(ABORT, '已审核的绩效批次不可更改或删除；有误之处请更正事实，差额进入补充批次。'); END",
    "CREATE TRIGGER keep_payroll_performanceshare_insert BEFORE INSERT ON payroll_performanceshare FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_performancebatch b WHERE b.id = NEW.batch_id AND b.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的绩效批次不可更改或删除；有误之处请更正事实，差额进入补充批次。'); END",
    "CREATE TRIGGER keep_payroll_performanceshare_update BEFORE UPDATE ON payroll_performanceshare FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_performancebatch b WHERE b.id = OLD.batch_id AND b.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的绩效批次不可更改或删除；有误之处请更正事实，差额进入补充批次。'); END",
    "CREATE TRIGGER keep_payroll_performanceshare_delete BEFORE DELETE ON payroll_performanceshare FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_performancebatch b WHERE b.id = OLD.batch_id AND b.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的绩效批次不可更改或删除；有误之处请更正事实，差额进入补充批次。'); END",
    "CREATE TRIGGER keep_payroll_performanceshare_moved BEFORE UPDATE ON payroll_performanceshare FOR EACH ROW WHEN EXISTS (SELECT 1 FROM payroll_performancebatch b WHERE b.id = NEW.batch_id AND b.state = '已审核') BEGIN SELECT RAISE(ABORT, '已审核的绩效批次不可更改或删除；有误之处请更正事实，差额进入补充批次。'); END",
    "CREATE TRIGGER append_only_payroll_performanceseal_update BEFORE UPDATE ON payroll_performanceseal FOR EACH ROW BEGIN SELECT RAISE(ABORT, '留痕记录只能新增，不可更改或删除。'); END",
    "CREATE TRIGGER append_only_payroll_performanceseal_delete BEFORE DELETE ON payroll_performanceseal FOR EACH ROW BEGIN SELECT RAISE(ABORT, '留痕记录只能新增，不可更改或删除。'); END",
    "CREATE TRIGGER append_only_payroll_reviewtick_update BEFORE UPDATE ON payroll_reviewtick FOR EACH ROW BEGIN SELECT RAISE(ABORT, '留痕记录只能新增，不可更改或删除。'); END",
    "CREATE TRIGGER append_only_payroll_reviewtick_delete BEFORE DELETE ON payroll_reviewtick FOR EACH ROW BEGIN SELECT RAISE(ABORT, '留痕记录只能新增，不可更改或删除。'); END",
)
DROP_SQLITE = (
    "DROP TRIGGER IF EXISTS keep_payroll_performancebatch_insert",
    "DROP TRIGGER IF EXISTS keep_payroll_performancebatch_update",
    "DROP TRIGGER IF EXISTS keep_payroll_performancebatch_delete",
    "DROP TRIGGER IF EXISTS keep_payroll_performancebatch_moved",
    "DROP TRIGGER IF EXISTS keep_payroll_performanceshare_insert",
    "DROP TRIGGER IF EXISTS keep_payroll_performanceshare_update",
    "DROP TRIGGER IF EXISTS keep_payroll_performanceshare_delete",
    "DROP TRIGGER IF EXISTS keep_payroll_performanceshare_moved",
    "DROP TRIGGER IF EXISTS append_only_payroll_performanceseal_update",
    "DROP TRIGGER IF EXISTS append_only_payroll_performanceseal_delete",
    "DROP TRIGGER IF EXISTS append_only_payroll_reviewtick_update",
    "DROP TRIGGER IF EXISTS append_only_payroll_reviewtick_delete",
)


def create(_apps, schema_editor):
    for statement in CREATE_POSTGRESQL if schema_editor.connection.vendor == "postgresql" else CREATE_SQLITE:
        schema_editor.execute(statement, params=None)


def drop(_apps, schema_editor):
    for statement in DROP_POSTGRESQL if schema_editor.connection.vendor == "postgresql" else DROP_SQLITE:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('payroll', '0007_lean_ledger'),
        ('workers', '0011_sign_ins'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PerformanceBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('number', models.PositiveSmallIntegerField(verbose_name='批次序号')),
                ('state', models.CharField(choices=[('草稿', '草稿'), ('待审核', '待审核'), ('已审核', '已审核'), ('已退回', '已退回')], default='草稿', max_length=10, verbose_name='状态')),
                ('paid_month', songshan_cw.data.fields.MonthField(verbose_name='发放月份')),
                ('pool', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='绩效总量')),
                ('weighted', models.DecimalField(decimal_places=5, max_digits=18, verbose_name='加权计提合计')),
                ('headcount', models.PositiveIntegerField(verbose_name='人数')),
                ('share_total', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='分配合计')),
                ('computed_at', models.DateTimeField(verbose_name='计算时间')),
                ('read_at', models.DateTimeField(null=True, verbose_name='阅看时间')),
                ('submitted_at', models.DateTimeField(null=True, verbose_name='提交时间')),
                ('approved_at', models.DateTimeField(null=True, verbose_name='审核时间')),
                ('return_reason', models.CharField(blank=True, max_length=200, verbose_name='退回原因')),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审核人')),
                ('read_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='负责人阅')),
                ('street', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workers.region', verbose_name='街道(乡镇)')),
                ('submitted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提交人')),
            ],
            options={
                'verbose_name': '绩效批次',
                'verbose_name_plural': '绩效批次',
                'ordering': ['-year', 'street', 'number'],
            },
        ),
        migrations.CreateModel(
            name='PerformanceShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('id_number', models.CharField(max_length=18, verbose_name='身份证号')),
                ('name', models.CharField(max_length=40, verbose_name='姓名')),
                ('community_name', models.CharField(max_length=60, verbose_name='社区名称')),
                ('bank_name', models.CharField(blank=True, max_length=60, verbose_name='开户行')),
                ('bank_account', songshan_cw.data.fields.SealedTextField(blank=True, verbose_name='银行卡号')),
                ('accrual', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='计提')),
                ('result', models.CharField(blank=True, choices=[('优秀', '优秀'), ('合格', '合格'), ('基本合格', '基本合格'), ('不合格', '不合格')], max_length=10, verbose_name='考核等次')),
                ('weight', models.DecimalField(decimal_places=3, max_digits=6, verbose_name='权重')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='理由')),
                ('share', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='分配额')),
                ('batch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='payroll.performancebatch', verbose_name='绩效批次')),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workers.region', verbose_name='社区')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workers.worker', verbose_name='社区工作者')),
            ],
            options={
                'verbose_name': '绩效明细',
                'verbose_name_plural': '绩效明细',
                'ordering': ['batch', 'community', 'id_number'],
            },
        ),
        migrations.CreateModel(
            name='ReviewTick',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('occasion', models.CharField(max_length=20, verbose_name='批次')),
                ('key', models.CharField(max_length=120, verbose_name='事项')),
                ('text', models.CharField(max_length=300, verbose_name='内容')),
                ('ticked_at', models.DateTimeField(verbose_name='复核时间')),
                ('street', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workers.region', verbose_name='街道(乡镇)')),
                ('ticked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='复核人')),
            ],
            options={
                'verbose_name': '复核勾选',
                'verbose_name_plural': '复核勾选',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='WeightBounds',
            fields=[
                ('district', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='workers.region', verbose_name='旗县区')),
                ('least', models.DecimalField(decimal_places=3, max_digits=6, verbose_name='最低权重')),
                ('most', models.DecimalField(decimal_places=3, max_digits=6, verbose_name='最高权重')),
            ],
            options={
                'verbose_name': '权重范围',
                'verbose_name_plural': '权重范围',
                'constraints': [models.CheckConstraint(condition=models.Q(('least__gte', 0), ('most__gt', models.F('least'))), name='weight_bounds_rise', violation_error_message='最低权重不能小于0，最高权重应大于最低权重。')],
            },
        ),
        migrations.CreateModel(
            name='PerformanceSeal',
            fields=[
                ('batch', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='seal', serialize=False, to='payroll.performancebatch', verbose_name='绩效批次')),
                ('district', models.CharField(max_length=6, verbose_name='旗县区')),
                ('number', models.PositiveIntegerField(verbose_name='序号')),
                ('previous', models.CharField(blank=True, max_length=64, verbose_name='上一封印')),
                ('digest', models.CharField(max_length=64, verbose_name='校验值')),
            ],
            options={
                'verbose_name': '绩效封印',
                'verbose_name_plural': '绩效封印',
                'ordering': ['district', 'number'],
                'constraints': [models.UniqueConstraint(fields=('district', 'number'), name='performance_seal_once_a_number')],
            },
        ),
        migrations.AddConstraint(
            model_name='performancebatch',
            constraint=models.UniqueConstraint(fields=('street', 'year', 'number'), name='performance_batch_once'),
        ),
        migrations.AddConstraint(
            model_name='performancebatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', '已审核'), _negated=True), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), ('submitted_by__isnull', False), models.Q(('approved_by', models.F('submitted_by')), _negated=True)), _connector='OR'), name='performance_four_eyes', violation_error_message='提交人不能审核自己提交的绩效批次。'),
        ),
        migrations.AddConstraint(
            model_name='performanceshare',
            constraint=models.UniqueConstraint(fields=('batch', 'worker'), name='performance_share_once'),
        ),
        migrations.AddConstraint(
            model_name='reviewtick',
            constraint=models.UniqueConstraint(fields=('street', 'occasion', 'key'), name='review_tick_once'),
        ),
        migrations.RunPython(create, drop),
    ]
