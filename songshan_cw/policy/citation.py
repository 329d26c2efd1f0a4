"""Clauses as people cite them, and what each asks."""

from songshan_cw.policy.schema import ClauseNote, Document, Policy, article


def cite(document: Document, clause: str) -> str:
    """``《…方案》（试行）二(五)4(1)``, or ``《…办法》第14条`` where the document counts articles."""
    return f"《{document.title}》{article(clause)}"


def clause_note(policy: Policy, clause: str) -> ClauseNote | None:
    """The note of a clause, or None where the document has no such clause."""
    return next((note for note in policy.clauses if note.number == clause), None)
