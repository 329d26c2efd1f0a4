"""Questions that a file leaves open, and the answers: one question for each distinct thing, with a stable key."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Choice = str | tuple[str, str]
LEAVE_BLANK, NOT_READ, HIGHER = "留空", "不导入", "取较高者"
TAKE: tuple[str, str] = ("take", "导入")
LEAVE: tuple[str, str] = ("leave", "不导入")
LEFT: tuple[str, str] = ("left", "已离开，按离职登记")
MOST_VALUES = 200


@dataclass(frozen=True, slots=True)
class Question:
    """``key`` depends on kind, column and word alone. ``choices``: a value, or value and label; empty: free text."""

    key: str
    kind: str
    sheet: str
    row: int
    column: str
    values: tuple[Any, ...]
    choices: tuple[Choice, ...]
    suggested: str | None
    message: str

    def document(self) -> dict[str, Any]:
        """Return the question as the command and the page give it out."""
        choices = [
            choice if isinstance(choice, str) else {"value": choice[0], "label": choice[1]} for choice in self.choices
        ]
        return {
            "key": self.key,
            "kind": self.kind,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "values": list(self.values),
            "choices": choices,
            "suggested": self.suggested,
            "message": self.message,
        }

    def takes(self, answer: str) -> bool:
        allowed = [choice if isinstance(choice, str) else choice[0] for choice in self.choices]
        return not allowed or answer in allowed


@dataclass(slots=True)
class Answers:
    """The answers given, and the questions met on the way; with ``suggestions`` every suggestion counts as given."""

    given: Mapping[str, str] = field(default_factory=dict)
    suggestions: bool = False
    questions: dict[str, Question] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)

    def ask(self, question: Question, *, free: bool = False) -> str | None:
        """Return the answer, None where there is none yet. ``free``: any text is an answer beside the choices."""
        before = self.questions.get(question.key)
        if before is not None:
            values = dict.fromkeys((*before.values, *question.values))
            question = replace(question, row=before.row, values=tuple(values)[:MOST_VALUES])
        self.questions[question.key] = question
        answer = self.given.get(question.key)
        if answer is None and self.suggestions:
            answer = question.suggested
        if answer is not None and (free or question.takes(str(answer))):
            return str(answer)
        if answer is not None:
            told = f"{question.message}（给的回答“{str(answer)[:40]}”不在可选之列。）"
            self.questions[question.key] = replace(question, message=told)
        self.open.add(question.key)
        return None

    def unanswered(self) -> list[Question]:
        return [question for key, question in self.questions.items() if key in self.open]

    def answered(self) -> list[tuple[Question, str]]:
        return [
            (question, str(self.given.get(key, question.suggested)))
            for key, question in self.questions.items()
            if key not in self.open
        ]


def key_of(*parts: str) -> str:
    return ":".join(part for part in parts if part)
