"""Checks of single rows by sheet, with each fault at its cell."""

from datetime import date
from typing import Any

from songshan_cw.policy import PolicyGap, policy_at
from songshan_cw.words import periods
from songshan_cw.words.terms import EDUCATION_RANK, Education, Position, Post
from workers.rules.identity import birth_date
from workers.rules.leaving import exit_reasons
from workers.workbook.people import Person, Reporter

Values = dict[str, Any]
WORKING_AGE = 16


def check_roster(values: Values, person: Person, report: Reporter, _today: date) -> None:
    hired = values["hired_on"]
    if hired and hired <= birth_date(person.id_number):
        message = f"参加社区工作时间{hired}不晚于身份证号中的出生日期，请核对这两项。"
        report("hired_on", "hired_before_birth", message)
    elif hired and hired < sixteenth_birthday(person.id_number):
        message = f"参加社区工作时间{hired}时不满{WORKING_AGE}周岁（身份证号中的出生日期），请核对这两项。"
        report("hired_on", "hired_too_young", message)
    _check_post(values, report)
    _check_contract(values, person, report)


def sixteenth_birthday(id_number: str) -> date:
    born = birth_date(id_number)
    if (born.month, born.day) == (2, 29) and (born.year + WORKING_AGE) % 4:
        return date(born.year + WORKING_AGE, 3, 1)
    return born.replace(year=born.year + WORKING_AGE)


def _check_post(values: Values, report: Reporter) -> None:
    post, position = values["post"], values["position"]
    if post and position and Position(position).post != post:
        expected = Position(position).post
        report("position", "post_position_mismatch", f"职务“{position}”属于{expected}岗位，与岗位“{post}”不符。")
    if values["dual"] and post and post != Post.CHIEF:
        report("dual", "dual_not_chief", f"一肩挑仅适用于正职，这里的岗位是“{post}”。请填“否”或核对岗位。")


def _check_contract(values: Values, person: Person, report: Reporter) -> None:
    end = values["contract_end"]
    if not end:
        return
    start = values["contract_start"]
    if start is None and person.stored and person.stored.newest_contract:
        start = person.stored.newest_contract.values["start"]
    start = start or person.hired_on
    if start and end < start:
        report("contract_end", "contract_end_before_start", f"合同终止日{end}早于起始日{start}，请核对。")


def check_assignment(values: Values, person: Person, report: Reporter, _today: date) -> None:
    _check_post(values, report)
    _not_after_exit("start", values["start"], "任职日期", person, report)
    stored = person.stored_facts("岗位变动").get((values["start"],))
    keeps_dual = values["dual"] is None and stored is not None and stored.values["dual"]
    if keeps_dual and values["post"] and values["post"] != Post.CHIEF:
        message = f"这一天的任职原登记为一肩挑，岗位改为“{values['post']}”后应在“一肩挑”填“否”。"
        report("dual", "dual_not_chief", message)


def check_degree(values: Values, person: Person, report: Reporter, _today: date) -> None:
    """Only what was earned after hiring and lifts the education lifts the grade."""
    hired, entry = person.hired_on, person.entry_education
    earned, level = values["earned_on"], values["level"]
    if hired and earned and earned < hired:
        message = f"取得日期{earned}早于参加社区工作时间{hired}；入职前取得的学历请填在花名册“入职学历”。"
        report("earned_on", "degree_before_hiring", message)
    if entry and level and EDUCATION_RANK[Education(level)] <= EDUCATION_RANK[Education(entry)]:
        report("level", "degree_not_higher", f"学历“{level}”不高于入职学历“{entry}”，不属于学历提升。请核对。")


def check_certificate(values: Values, person: Person, report: Reporter, _today: date) -> None:
    approved = values["approved_on"]
    if approved and approved < sixteenth_birthday(person.id_number):
        report("approved_on", "certified_too_young", f"批准日期{approved}时不满{WORKING_AGE}周岁，请核对。")
    ended = values["ended_on"]
    if approved and ended and ended < approved:
        report("ended_on", "certificate_end_before_approval", f"失效日期{ended}早于批准日期{approved}，请核对。")


def check_gap(values: Values, person: Person, report: Reporter, _today: date) -> None:
    first, last = values["first_day"], values["last_day"]
    _ends_after("last_day", first, last, report, "gap_end_before_start")
    if first and person.hired_on and first < person.hired_on:
        message = f"中断开始日期{first}早于参加社区工作时间{person.hired_on}，请核对。"
        report("first_day", "gap_before_hiring", message)
    _not_after_exit("first_day", first, "中断开始日期", person, report)


def check_placement(values: Values, person: Person, report: Reporter, _today: date) -> None:
    month = values["month"]
    if month is None:
        return
    if person.hired_on and month < periods.month_of(person.hired_on):
        hired = periods.label_zh(periods.month_of(person.hired_on))
        message = f"核定月份{periods.label_zh(month)}早于参加社区工作的{hired}，请核对。"
        report("month", "placement_before_hiring", message)
    if periods.month_of(_today) + 12 < month:
        report("month", "date_range", f"核定月份{periods.label_zh(month)}太晚，请核对。")
    _not_after_exit("month", periods.first_day(month), "核定月份", person, report)


def check_exit(values: Values, person: Person, report: Reporter, _today: date) -> None:
    left, hired = values["left_on"], person.hired_on
    if left and hired and left < hired:
        report("left_on", "exit_before_hiring", f"离职日期{left}早于参加社区工作时间{hired}，请核对。")

    if values["reason"] and (told := _reason_told(values["reason"], person, _today)):
        report("reason", "reason_not_listed", told)


def _reason_told(reason: str, person: Person, today: date) -> str:
    """The workbook's reason is free text: one outside the policy's list comes in and is told."""
    street = (person.roster.values["street"] if person.roster else None) or (person.stored and person.stored.street)
    try:
        listed = exit_reasons(policy_at(street or "", today))
    except PolicyGap:
        return ""
    told = f"离职原因“{reason}”不在政策列明的原因中，已按原文登记；政策的说法是：{'、'.join(listed)}。"
    return "" if reason in listed else told


def check_secondment(values: Values, person: Person, report: Reporter, _today: date) -> None:
    _ends_after("end", values["start"], values["end"], report, "secondment_end_before_start")
    _not_after_exit("start", values["start"], "借调开始日期", person, report)


def check_training(values: Values, person: Person, report: Reporter, _today: date) -> None:
    _ends_after("end", values["start"], values["end"], report, "training_end_before_start")
    _not_after_exit("start", values["start"], "培训开始日期", person, report)


def _ends_after(field: str, start: date | None, end: date | None, report: Reporter, code: str) -> None:
    if start and end and end < start:
        report(field, code, f"结束日期{end}早于开始日期{start}，请核对。")


def _not_after_exit(field: str, day: date | None, what: str, person: Person, report: Reporter) -> None:
    left = person.left_on
    if day and left and day > left:
        report(field, "after_exit", f"{what}{day}晚于离职日期{left}，请核对。")
