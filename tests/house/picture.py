"""Draw the rooms and the imports between them, out of the code, into docs/rooms.svg: ``python -m tests.house.picture``.

A line is left out where a longer way through other rooms says the same.
"""

from html import escape

from tests.house.source import PACKAGES, ROOT, is_migration, modules
from tests.house.test_imports import level, own_imports, room

PICTURE = ROOT / "docs" / "rooms.svg"
WIDTH, HEIGHT, GAP_X, GAP_Y, MARGIN = 92, 30, 14, 46, 24
Room = tuple[str, str]  # package, room


def rooms() -> list[Room]:
    """The folders, each once; single modules beside them are not drawn."""
    found = {(module.name.split(".")[0], room(module.name)) for module in modules() if module.name.count(".") > 1}
    return sorted((package, name) for package, name in found if name != "migrations")


def imports() -> set[tuple[Room, Room]]:
    drawn = set(rooms())
    found = set()
    for module in modules():
        for name, _ in [] if is_migration(module) else own_imports(module):
            pair = (module.name.split(".")[0], room(module.name)), (name.split(".")[0], room(name))
            if pair[0] != pair[1] and drawn.issuperset(pair):
                found.add(pair)
    return found


def shortest(pairs: set[tuple[Room, Room]]) -> list[tuple[Room, Room]]:
    """Without the pairs that two or more others say together."""
    below: dict[Room, set[Room]] = {}
    for upper, lower in pairs:
        below.setdefault(upper, set()).add(lower)
    return sorted(
        (upper, lower)
        for upper, lower in pairs
        if not any(lower in reached(other, below) for other in below[upper] - {lower})
    )


def reached(start: Room, below: dict[Room, set[Room]]) -> set[Room]:
    seen: set[Room] = set()
    waiting = [start]
    while waiting:
        for one in below.get(waiting.pop(), set()) - seen:
            seen.add(one)
            waiting.append(one)
    return seen


def places() -> dict[Room, tuple[int, int]]:
    """Levels from the roof down; in a level one column a package, rooms side by side."""
    cells: dict[tuple[int, str], list[Room]] = {}
    for one in rooms():
        cells.setdefault((level(".".join(one)), one[0]), []).append(one)
    widths = {package: max(len(found) for (_, own), found in cells.items() if own == package) for package in PACKAGES}
    lefts = {package: sum(widths[one] for one in PACKAGES[:place]) for place, package in enumerate(PACKAGES)}
    used = sorted({number for number, _ in cells}, reverse=True)
    return {
        one: (
            MARGIN + (lefts[package] + place) * (WIDTH + GAP_X) + PACKAGES.index(package) * GAP_X * 2,
            MARGIN * 2 + used.index(number) * (HEIGHT + GAP_Y),
        )
        for (number, package), found in cells.items()
        for place, one in enumerate(found)
    }


def line(x1: int, y1: int, x2: int, y2: int) -> str:
    """Down from one box to another, or straight from side to side in the same level."""
    half = WIDTH // 2
    if y1 == y2:
        left, right = sorted((x1, x2))
        return f"M{left + WIDTH} {y1 + HEIGHT // 2} H{right}"
    bend = (y1 + HEIGHT + y2) // 2
    return f"M{x1 + half} {y1 + HEIGHT} C{x1 + half} {bend} {x2 + half} {bend} {x2 + half} {y2}"


def picture() -> str:
    at = places()
    width = max(x for x, _ in at.values()) + WIDTH + MARGIN
    height = max(y for _, y in at.values()) + HEIGHT + MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="13">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for package in PACKAGES:
        left = min(x for (own, _), (x, _) in at.items() if own == package)
        lines.append(f'<text x="{left}" y="{MARGIN}" font-weight="bold" fill="#333">{escape(package)}</text>')
    for upper, lower in shortest(imports()):
        lines.append(f'<path d="{line(*at[upper], *at[lower])}" fill="none" stroke="#7a8ba3"/>')
    for (_, name), (x, y) in sorted(at.items()):
        lines.append(
            f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="4" fill="#eef3fa" stroke="#46628c"/>'
        )
        text = f'x="{x + WIDTH // 2}" y="{y + HEIGHT // 2 + 5}" text-anchor="middle"'
        lines.append(f'<text {text} fill="#1c2b42">{escape(name)}</text>')
    return "\n".join([*lines, "</svg>", ""])


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
