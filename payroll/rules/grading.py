"""Posts, steps and grades (rules 3; S 二(五)1, 4(2))."""

from bisect import bisect_right
from collections.abc import Sequence

from payroll.rules.facts import Assignment, Facts
from songshan_cw.policy.schema import PayRules
from songshan_cw.words.periods import Month, month_of, next_month_of


def assignment_in(facts: Facts, month: Month) -> Assignment:
    """Return the assignment that decides pay in a month.

    A change counts from the next month, the first appointment from the month of hiring (rules 3.5; S 二(五)4(2)).
    Before hiring, return the first appointment.
    """
    return assignments_until(facts, month)[-1]


def assignments_until(facts: Facts, month: Month) -> Sequence[Assignment]:
    """Return the assignments in effect up to a month, in order; the first one always."""
    if len(facts.assignments) == 1:
        return facts.assignments
    first, *later = sorted(facts.assignments, key=lambda assignment: assignment.start)
    return [first, *(one for one in later if next_month_of(one.start) <= month)]


def effective_from(facts: Facts, assignment: Assignment) -> Month:
    """Return the first month in which an assignment decides pay (rules 3.5)."""
    first = min(facts.assignments, key=lambda one: one.start)
    return month_of(facts.hired) if assignment is first else next_month_of(assignment.start)


def step_of(credited_months: int, requirements: Sequence[int]) -> int:
    """Return the highest step whose requirement is met. ``requirements`` rise from 0 (rules 3.2)."""
    return max(1, bisect_right(requirements, credited_months))


def grade_of(assignment: Assignment, step: int, pay: PayRules) -> int:
    """Add the steps to the post's lowest grade, and one grade for 一肩挑 (rules 3.1, 3.4; S 二(五)1, 4(2))."""
    band = pay.bands.value[assignment.post]
    grade = min(band.lowest + step - 1, band.highest)
    if assignment.dual and assignment.post in pay.dual_posts.value:
        grade = min(grade + pay.dual_grades.value, pay.highest_grade.value)
    return grade
