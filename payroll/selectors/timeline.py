"""One person's grade timeline from stored facts, with a fixed number of statements."""

from payroll.rules.timeline import Timeline, timeline
from payroll.selectors.facts import Person, stream_people
from payroll.selectors.jurisdictions import Jurisdictions
from songshan_cw.data.refusal import Refused
from songshan_cw.words.periods import Month
from workers.models import Worker


def person_of(worker: Worker) -> Person:
    """Read the person for the rules. Raises Refused where nothing can be replayed."""
    person = next(stream_people(Worker.objects.filter(pk=worker.pk)))
    if not person.facts.assignments:
        raise Refused(f"{person.name}没有任职记录，无法推算等级。请先补录“任职”。")
    return person


def grade_timeline(*, worker: Worker, today: Month) -> Timeline:
    """Return the timeline from hiring to the next promotion. Raises Refused, PolicyGap."""
    return timeline(person_of(worker).facts, Jurisdictions(), today)
