"""Forms of the guided actions. They ask only for what cannot be derived."""

from datetime import date
from typing import Any

from django import forms
from unfold.widgets import (
    INPUT_CLASSES,
    UnfoldAdminDateWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from assessment.selectors.contracts import evidence_at_renewal
from songshan_cw.policy import PolicyGap, policy_at, policy_or_none
from songshan_cw.words.spans import ONE_DAY, term_end
from songshan_cw.words.terms import Position, RegionLevel
from workers.models import (
    CategoryRecord,
    Certificate,
    Contract,
    EducationRecord,
    Exit,
    Hiring,
    Placement,
    PostAssignment,
    Region,
    ServiceGap,
    User,
    Worker,
)
from workers.rules.bounds import date_fault
from workers.rules.contract import unmet
from workers.rules.judge import judge_row
from workers.rules.leaving import exit_reasons
from workers.rules.recruitment import hiring_methods
from workers.selectors.categories import category_of
from workers.selectors.dossiers import record_of
from workers.selectors.refusals import reason_of
from workers.selectors.scope import visible

LONGEST_REASON = 200
UNCHOSEN = "请选择"


class EventForm(forms.ModelForm):
    """A new fact of a person. ``note`` goes to the change; ``notice`` is shown above the form."""

    notice = ""

    note = forms.CharField(
        label="办理说明",
        max_length=LONGEST_REASON,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="选填，记入变更记录。补登以前的事项时，请写明原因。",
    )

    def __init__(self, *args: Any, worker: Worker, user: User, today: date, **kwargs: Any) -> None:
        record = self._meta.model(worker=worker)
        super().__init__(*args, instance=record, **kwargs)
        for field in self.fields.values():
            self._dress(field)
        self.today = today
        self.prepare(worker, user, today)
        self.order_fields([name for name in self.fields if name != "note"])

    def prepare(self, worker: Worker, user: User, today: date) -> None:
        """Set choices and initial values."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, value in list(cleaned.items()):
            if isinstance(value, date) and (fault := date_fault(value)):
                self.add_error(name, fault)
        if record := record_of(self._meta.model):
            for finding in judge_row(record, self.cleaned_data, self.today):
                field = finding.places[0].field
                self.add_error(field if field in self.fields else None, finding.message)
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """Include the fixed person, because unique constraints need it."""
        return super()._get_validation_exclusions() - {"worker"}

    def _update_errors(self, errors: Any) -> None:
        """Show unique errors above the fields, because the person is not a field of the form."""
        if getattr(errors, "error_dict", {}).pop("worker", None):
            what = self.instance._meta.verbose_name
            self.add_error(None, f"{self.instance.worker}已登记过{what}，每人只有一条；有误请更正原记录。")
        super()._update_errors(errors)

    def _dress(self, field: forms.Field) -> None:
        """Style fields as on the site's other forms."""
        if isinstance(field, forms.DateField):
            field.widget = UnfoldAdminDateWidget()
        elif isinstance(field, forms.BooleanField):
            field.widget = UnfoldBooleanSwitchWidget()
        elif isinstance(field, forms.ModelChoiceField):
            field.widget, field.empty_label = UnfoldAdminSelectWidget(), UNCHOSEN
            field.widget.choices = field.choices
        elif isinstance(field, forms.ChoiceField):
            listed = [("", UNCHOSEN), *[choice for choice in field.choices if choice[0] != ""]]
            field.widget = UnfoldAdminSelectWidget()
            field.choices = listed
        elif isinstance(field, forms.IntegerField):
            field.widget = forms.NumberInput(attrs={"class": " ".join(INPUT_CLASSES), "min": 0})
        else:
            field.widget = UnfoldAdminTextInputWidget(attrs=field.widget.attrs)


class PostForm(EventForm):
    class Meta:
        model = PostAssignment
        fields = ["start", "community", "position", "dual", "document_no"]

    def prepare(self, worker: Worker, user: User, today: date) -> None:
        communities = visible(Region.objects.filter(level=RegionLevel.COMMUNITY.value), user).order_by("code")
        if user.region_id is None:
            communities = communities.filter(code__startswith=worker.standing.street_id[:6])
        self.fields["community"].queryset = communities
        self.initial["community"] = worker.standing.community_id
        self.initial["position"] = worker.standing.position
        self.initial["dual"] = worker.standing.dual
        self.initial["start"] = today

    def clean(self) -> dict[str, Any]:
        """Derive the post from the position (S 二(五)1)."""
        cleaned = super().clean()
        if position := cleaned.get("position"):
            self.instance.post = Position(position).post.value
        return cleaned


class CategoryForm(EventForm):
    class Meta:
        model = CategoryRecord
        fields = ["start", "category", "document_no"]

    def prepare(self, worker: Worker, user: User, today: date) -> None:
        """Ask for the document: the category decides whether there is pay at all (S 二(一))."""
        self.fields["document_no"].required = True
        self.initial["start"] = today


class DegreeForm(EventForm):
    class Meta:
        model = EducationRecord
        fields = ["level", "earned_on", "school", "major"]


class CertificateForm(EventForm):
    class Meta:
        model = Certificate
        fields = ["level", "approved_on", "number", "ended_on"]


class HiringForm(EventForm):
    class Meta:
        model = Hiring
        fields = ["method", "document_no"]

    def prepare(self, worker: Worker, user: User, today: date) -> None:
        """List the document's own ways first (S 二(三)2; O 7)."""
        methods = hiring_methods(policy_at(worker.standing.street_id, today))
        listed = [("", UNCHOSEN), *[(method, method) for method in methods]]
        self.fields["method"] = forms.ChoiceField(label="录用方式", choices=listed, widget=UnfoldAdminSelectWidget)


class RenewalForm(EventForm):
    class Meta:
        model = Contract
        fields = ["start"]
        help_texts = {"start": "默认从上一份合同到期次日起；终止日按政策规定的聘期自动推算。"}

    def prepare(self, worker: Worker, user: User, today: date) -> None:
        """Start the day after the contract before."""
        before = worker.standing.contract_end
        self.initial["start"] = before + ONE_DAY if before else today
        self.notice = _lacking(worker, self.initial["start"], today)
        self.fields["note"].help_text = "不符合续聘条件而确需续聘的，必须写明理由；其他情况选填。"
        self.worker = worker

    def clean(self) -> dict[str, Any]:
        """Derive the end from the policy's term (rules 9.2)."""
        cleaned = super().clean()
        start = cleaned.get("start")
        if start is None or self.errors:
            return cleaned
        try:
            terms = policy_at(self.worker.standing.street_id, start).contract.term_months.value
        except PolicyGap as gap:
            self.add_error("start", reason_of(gap))
            return cleaned
        category = category_of(self.worker, start)
        months = terms.get(category)
        if months is None:
            self.add_error(None, f"{category}没有规定聘期，不能在这里续聘。")
        else:
            self.instance.end = term_end(start, months)
        return cleaned


def _lacking(worker: Worker, start: date, today: date) -> str:
    """Describe what renewal on the offered day would lack. Empty where nothing is lacking or no policy is in force."""
    policy = policy_or_none(worker.standing.street_id, start)
    if policy is None:
        return ""
    condition = policy.contract.renewal
    evidence = evidence_at_renewal(worker, start, condition.value)
    return "" if evidence.met else unmet(evidence, condition.article, today)


class ExitForm(EventForm):
    class Meta:
        model = Exit
        fields = ["left_on", "reason", "document_no"]
        help_texts = {"left_on": "在岗的最后一天；当月工资照发，次月停发。"}

    def prepare(self, worker: Worker, user: User, today: date) -> None:
        """Offer the policy's reasons (rules 9.4)."""
        reasons = exit_reasons(policy_at(worker.standing.street_id, today))
        listed = [("", UNCHOSEN), *[(reason, reason) for reason in reasons]]
        self.fields["reason"] = forms.ChoiceField(label="离职原因", choices=listed, widget=UnfoldAdminSelectWidget)
        self.initial["left_on"] = today


class PlacementForm(EventForm):
    class Meta:
        model = Placement
        fields = ["month", "credited_months", "document_no"]

    def prepare(self, worker: Worker, user: User, today: date) -> None:
        """Ask for the document, because a placement sets the credited service by itself (rules 4.5, 7.7)."""
        self.fields["document_no"].required = True


class GapForm(EventForm):
    class Meta:
        model = ServiceGap
        fields = ["first_day", "last_day", "reason"]
        help_texts = {"last_day": "含当日；尚未返回的留空，返回后再补填。"}


FORMS: dict[str, type[EventForm]] = {
    "post": PostForm,
    "category": CategoryForm,
    "degree": DegreeForm,
    "certificate": CertificateForm,
    "hiring": HiringForm,
    "renewal": RenewalForm,
    "exit": ExitForm,
    "placement": PlacementForm,
    "gap": GapForm,
}
