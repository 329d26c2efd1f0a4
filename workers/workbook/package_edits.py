"""Edit the XML parts of an .xlsx in place, in the limited process of ``annotator``. All other bytes stay.

Imports nothing of the project.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
EMPTY_RELATIONS = f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{PACKAGE}"></Relationships>'
Edit = tuple[int, int, bytes]  # from, to, what stands there then
COUNT = re.compile(rb'count="\d+"')


class Element:
    """The offsets of an element: its start tag from ``start`` to ``inside``, its end tag from ``end``."""

    __slots__ = ("after", "attributes", "end", "inside", "name", "parent", "start")

    def __init__(self, name: str, attributes: dict[str, str], parent: "Element | None", start: int) -> None:
        self.name, self.attributes, self.parent, self.start = name, attributes, parent, start
        self.inside = self.end = self.after = 0

    @property
    def plain(self) -> str:
        return self.name.rpartition(":")[2]

    @property
    def prefix(self) -> str:
        return self.name[: -len(self.plain)]


def elements(data: bytes) -> list[Element]:
    """Return every element of a part in UTF-8 in the order of its start. Declarations of its own are refused."""
    found: list[Element] = []
    open_: list[Element] = []
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True

    def start(name: str, attributes: dict[str, str]) -> None:
        element = Element(name, attributes, open_[-1] if open_ else None, parser.CurrentByteIndex)
        element.inside = tag_end(data, element.start)
        found.append(element)
        open_.append(element)

    def end(_name: str) -> None:
        element, place = open_.pop(), parser.CurrentByteIndex
        single = data[element.inside - 2 : element.inside] == b"/>"
        element.end = element.inside if single else place
        element.after = element.inside if single else tag_end(data, place)

    def refuse(*_: Any) -> None:
        raise ValueError("declaration")

    parser.StartElementHandler, parser.EndElementHandler, parser.StartDoctypeDeclHandler = start, end, refuse
    parser.Parse(data, True)
    return found


def tag_end(data: bytes, start: int) -> int:
    """Return where the tag that starts here ends; a > in quotes does not end it."""
    place, quote = start, 0
    while True:
        byte = data[place]
        if quote:
            quote = 0 if byte == quote else quote
        elif byte in b"\"'":
            quote = byte
        elif byte == 62:
            return place + 1
        place += 1


def applied(data: bytes, edits: Iterable[Edit]) -> bytes:
    """Return the bytes with the edits made; those at one place in the order given."""
    parts, place = list[bytes](), 0
    for first, last, text in sorted(edits, key=lambda edit: edit[0]):
        parts += [data[place:first], text]
        place = last
    return b"".join([*parts, data[place:]])


def appended(data: bytes, element: Element, content: bytes, count: int | None = None) -> list[Edit]:
    """Put content at the end of an element; ``count``: the new value of its attribute, where it has one."""
    tag = data[element.start : element.inside]
    if count is not None:
        tag = COUNT.sub(b'count="%d"' % count, tag)
    if tag.endswith(b"/>"):
        closing = f"</{element.name}>".encode()
        return [(element.start, element.inside, tag[:-2].rstrip() + b">" + content + closing)]
    edits: list[Edit] = [(element.end, element.end, content)]
    return edits if count is None else [(element.start, element.inside, tag), *edits]


def with_attribute(tag: bytes, name: str, value: str) -> bytes:
    """Return a start tag with the attribute set."""
    pattern = re.compile(rb"(\s)" + name.encode() + rb"\s*=\s*(\"[^\"]*\"|'[^']*')")
    written = f"{name}={quoteattr(value)}".encode()
    if pattern.search(tag):
        return pattern.sub(rb"\1" + written.replace(b"\\", b"\\\\"), tag, count=1)
    end = -2 if tag.endswith(b"/>") else -1
    return tag[:end].rstrip() + b" " + written + tag[end:]


def text_of(message: str) -> str:
    """Escape a message for XML, without characters that XML forbids."""
    return escape("".join(char for char in message if char in "\n\t" or (char.isprintable() and ord(char) < 0xFFFE)))


def prefixed(content: str, prefix: str) -> str:
    """Give new elements the prefix that a part uses for its own."""
    return re.sub(r"<(/?)(?=\w)", rf"<\1{prefix}", content) if prefix else content


class Package:
    """The parts of the workbook, each edited by itself."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.order = [entry.filename for entry in archive.infolist()]
            self.parts = {name: archive.read(name) for name in self.order}
        self.book = "xl/workbook.xml"
        targets = {relation["Id"]: self._target(self.book, relation) for relation in self.relations(self.book)}
        self.sheets: dict[str, str] = {}
        for element in elements(self.parts[self.book]):
            if element.plain == "sheet":
                key = next(value for name, value in element.attributes.items() if name.rpartition(":")[2] == "id")
                self.sheets[element.attributes["name"]] = targets[key]

    @staticmethod
    def _target(part: str, relation: dict[str, str]) -> str:
        return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), relation["Target"])).lstrip("/")

    @staticmethod
    def relations_part(part: str) -> str:
        folder, name = posixpath.split(part)
        return f"{folder}/_rels/{name}.rels"

    def relations(self, part: str) -> list[dict[str, str]]:
        data = self.parts.get(self.relations_part(part))
        return [element.attributes for element in elements(data) if element.plain == "Relationship"] if data else []

    def related(self, part: str, kind: str) -> str | None:
        """Return the part with this relation to another, such as its comments."""
        found = (one for one in self.relations(part) if one["Type"].endswith(f"/{kind}"))
        return next((self._target(part, one) for one in found), None)

    def relate(self, part: str, kind: str, target: str) -> str:
        """Relate a part to another; returns the key of the relation."""
        name = self.relations_part(part)
        if name not in self.parts:
            self.parts[name] = EMPTY_RELATIONS.encode()
        taken = {one["Id"] for one in self.relations(part)}
        key = next(f"rIdCheck{number}" for number in range(1, 10_000) if f"rIdCheck{number}" not in taken)
        line = f'<Relationship Id="{key}" Type="{RELATIONS}/{kind}" Target="/{target}"/>'
        self.append(name, "Relationships", line)
        return key

    def append(self, part: str, plain: str, content: str) -> None:
        """Put content at the end of a part's first element of this name, in that element's own prefix."""
        data = self.parts[part]
        element = next(one for one in elements(data) if one.plain == plain)
        self.parts[part] = applied(data, appended(data, element, prefixed(content, element.prefix).encode()))

    def new_part(self, pattern: str, content: str, content_type: str) -> str:
        name = next(pattern.format(number) for number in range(1, 100_000) if pattern.format(number) not in self.parts)
        self.parts[name] = content.encode()
        self.append("[Content_Types].xml", "Types", f'<Override PartName="/{name}" ContentType="{content_type}"/>')
        return name

    def saved(self) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in [*self.order, *(name for name in self.parts if name not in self.order)]:
                archive.writestr(name, self.parts[name])
        return out.getvalue()
