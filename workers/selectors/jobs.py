"""Progress of a background job, counted from its parts."""

from dataclasses import dataclass

from workers.models import Job, JobPart, PartState


@dataclass(frozen=True, slots=True)
class Progress:
    parts: tuple[JobPart, ...]

    @property
    def total(self) -> int:
        return len(self.parts)

    @property
    def done(self) -> int:
        return self._count(PartState.DONE)

    @property
    def failed(self) -> int:
        return self._count(PartState.FAILED)

    @property
    def waiting(self) -> int:
        return self._count(PartState.WAITING)

    @property
    def finished(self) -> int:
        return self.total - self.waiting

    def _count(self, state: PartState) -> int:
        return sum(part.state == state for part in self.parts)


def job_progress(job: Job) -> Progress:
    return Progress(tuple(job.parts.order_by("key")))
