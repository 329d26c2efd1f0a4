from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from songshan_cw.data.fields import LookupField, SealedTextField
from songshan_cw.words.terms import Category, CertificateLevel, Education, Position, Post, choices
from workers.models.regions import Region
from workers.rules.identity import fault_of, masked


def validate_id_number(value: str) -> None:
    if fault := fault_of(value):
        raise ValidationError(fault)


class Worker(models.Model):
    """A community worker: one row per person in all streets (rules 2.3).

    Birth date and sex are derived from the ID number. Posts are history (PostAssignment), current values are in
    Standing.
    """

    id_number = models.CharField(
        "身份证号",
        max_length=18,
        unique=True,
        validators=[validate_id_number],
        error_messages={"unique": "该身份证号已登记。"},
        help_text="18位公民身份号码；出生日期和性别由此得出。",
    )
    name = models.CharField("姓名", max_length=40, db_index=True)
    initials = models.CharField("姓名首字母", max_length=40, blank=True, editable=False)
    ethnicity = models.CharField("民族", max_length=20, blank=True)
    political_status = models.CharField("政治面貌", max_length=20, blank=True)
    phone = models.CharField(
        "联系电话",
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^[0-9+\- ]{5,20}$", "电话只含数字、加号、短横。")],
    )
    category = models.CharField(
        "人员类别",
        max_length=10,
        choices=choices(Category),
        help_text="聘用时的类别；以后的变动在“人员类别变动”中登记起始日期。",
    )
    hired_on = models.DateField("参加社区工作时间")
    working_since = models.DateField(
        "参加工作时间", null=True, blank=True, help_text="首次就业的日期，用于年休假；留空按参加社区工作时间。"
    )
    entry_education = models.CharField(
        "入职学历",
        max_length=10,
        choices=choices(Education),
        help_text="聘用时的学历，决定起始工作年限（二(五)4(3)）。",
    )
    bank_name = models.CharField("开户行", max_length=60, blank=True)
    bank_account = SealedTextField("银行卡号", blank=True, default="")
    account_lookup = LookupField("银行卡号检索码", of="bank_account")
    note = models.CharField("备注", max_length=500, blank=True)
    merged_into = models.ForeignKey(
        "self",
        verbose_name="已并入",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="merged",
        help_text="合并后只留台账的记录指向保留的记录；台账按两份合计。",
    )

    scope_path = "standing__street"

    class Meta:
        verbose_name = verbose_name_plural = "社区工作者"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["initials", "name", "id"], name="worker_initials_name"),
            models.Index(fields=["hired_on", "id"], name="worker_hired_on"),
            models.Index(fields=["id"], name="worker_without_account", condition=models.Q(bank_account="")),
            models.Index(fields=["id"], name="worker_without_phone", condition=models.Q(phone="")),
            models.Index(fields=["account_lookup"], name="worker_by_account"),
        ]

    def __str__(self) -> str:
        return self.name


class FormerNumber(models.Model):
    """原身份证号: a wrong number a person was once recorded under, by which old files still know them (rules 9.8)."""

    id_number = models.CharField("原身份证号", max_length=18, unique=True)
    worker = models.ForeignKey(
        Worker, verbose_name="社区工作者", on_delete=models.PROTECT, related_name="former_numbers"
    )

    scope_path = "worker__standing__street"

    class Meta:
        verbose_name = verbose_name_plural = "原身份证号"
        ordering = ["pk"]

    def __str__(self) -> str:
        return masked(self.id_number)


class Standing(models.Model):
    """A person's current position: values copied from the dated rows, which can be rebuilt at any time.

    Lists, choices and scope of a million people need one indexed row each. Services refresh it with every write; no
    rule and no payroll reads it.
    """

    worker = models.OneToOneField(
        Worker, verbose_name="社区工作者", primary_key=True, on_delete=models.CASCADE, related_name="standing"
    )
    street = models.ForeignKey(
        Region, verbose_name="街道(乡镇)", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    community = models.ForeignKey(
        Region, verbose_name="社区", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    post = models.CharField("岗位", max_length=10, choices=choices(Post))
    position = models.CharField("职务", max_length=10, choices=choices(Position))
    dual = models.BooleanField("一肩挑", default=False)
    education = models.CharField("学历", max_length=10, choices=choices(Education))
    certificate = models.CharField("职业资格", max_length=10, choices=choices(CertificateLevel), blank=True)
    contract_end = models.DateField("合同终止日", null=True, blank=True)
    left_on = models.DateField("离职日期", null=True, blank=True)

    scope_path = "street"

    class Meta:
        verbose_name = verbose_name_plural = "现状"
        indexes = [
            models.Index(fields=["street", "community", "worker"], name="standing_place"),
            models.Index(fields=["community"], name="standing_community"),
            models.Index(fields=["post", "position", "worker"], name="standing_post"),
            models.Index(fields=["education", "worker"], name="standing_education"),
            models.Index(fields=["certificate", "worker"], name="standing_certificate"),
            models.Index(fields=["contract_end", "worker"], name="standing_contract_end"),
            models.Index(fields=["contract_end", "worker"], name="standing_due", condition=models.Q(left_on=None)),
            models.Index(
                fields=["street", "community", "worker"], name="standing_left", condition=~models.Q(left_on=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.community} {self.post}"
