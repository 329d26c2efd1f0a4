"""Figures a test leaves behind it: ``make torture`` gathers the lines that begin with this mark."""


def shown(*lines: str) -> None:
    print("", *(f"» {line}" for line in lines), sep="\n")
