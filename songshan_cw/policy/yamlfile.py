"""Read one YAML file strictly and convert its plain values to the schema's types by their annotations.

Only safe YAML types are read and a repeated key is an error. A new parameter needs no code here.
"""

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType, NoneType, UnionType
from typing import Any, NoReturn, Union, get_args, get_origin, get_type_hints

import yaml

from songshan_cw.policy.errors import PolicyDataError, file_label

DECIMAL_FORM = re.compile(r"-?[0-9]+(\.[0-9]+)?")
SCALAR_NAMES = {str: "加引号的文字", int: "整数", bool: "true或false", Decimal: "加引号的小数", date: "日期"}


class DuplicateKey(yaml.YAMLError):
    """A mapping repeats a key."""

    def __init__(self, key: object, line: int) -> None:
        self.key = str(key)
        self.line = line
        super().__init__(f"第{line}行重复写了“{key}”")


class StrictLoader(yaml.SafeLoader):
    """PyYAML's safe loader, refusing duplicate keys."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, Hashable):
                if key in seen:
                    raise DuplicateKey(key, key_node.start_mark.line + 1)
                seen.add(key)
        return super().construct_mapping(node, deep=deep)


def read_yaml(path: Path) -> object:
    """Read a file as plain Python values."""
    label = file_label(path)
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=StrictLoader)
    except FileNotFoundError:
        raise PolicyDataError(label, "", "缺少这个文件，请补上。") from None
    except UnicodeDecodeError:
        raise PolicyDataError(label, "", "文件不是UTF-8编码，请另存为UTF-8。") from None
    except DuplicateKey as fault:
        raise PolicyDataError(label, fault.key, f"第{fault.line}行重复写了这个键，请只留一个。") from None
    except yaml.MarkedYAMLError as fault:
        line = f"第{fault.problem_mark.line + 1}行附近" if fault.problem_mark else ""
        raise PolicyDataError(label, "", f"{line}不是合法的YAML，请检查缩进、引号和括号。") from None
    except (yaml.YAMLError, ValueError) as fault:
        raise PolicyDataError(label, "", f"有读不懂的字符或日期，请改正：{fault}") from None


class Place:
    """The file and key of a value, for error messages."""

    __slots__ = ("file", "key")

    def __init__(self, file: str, key: str) -> None:
        self.file = file
        self.key = key

    def inside(self, name: object) -> "Place":
        if isinstance(name, int):
            return Place(self.file, f"{self.key}[{name}]")
        return Place(self.file, f"{self.key}.{name}" if self.key else str(name))

    def refuse(self, problem: str) -> NoReturn:
        raise PolicyDataError(self.file, self.key, problem)


def convert(kind: Any, raw: object, place: Place) -> Any:
    """Convert a raw value to ``kind``. Refuses values of any other form."""
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _optional(kind, raw, place)
    if origin in COLLECTIONS:
        return COLLECTIONS[origin](get_args(kind), raw, place)
    if is_dataclass(kind):
        return convert_record(kind, raw, place)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _term(kind, raw, place)
    return _scalar(kind, raw, place)


def convert_record(kind: Any, raw: object, place: Place) -> Any:
    """Convert a mapping to a dataclass. Every field must be present and no other key."""
    content = mapping_with_keys(raw, {field.name for field in fields(kind)}, place)
    hints = get_type_hints(kind)
    return kind(**{name: convert(hints[name], value, place.inside(name)) for name, value in content.items()})


def mapping_with_keys(raw: object, expected: set[str], place: Place) -> dict[str, object]:
    """Return the mapping if its keys are exactly the expected ones, else refuse it."""
    if not isinstance(raw, dict):
        place.refuse(f"应是“键: 值”的形式，现在是{describe(raw)}。")
    for name in raw:
        if name not in expected:
            place.inside(str(name)).refuse(f"不认识这个键。可用的有：{'、'.join(sorted(expected))}。")
    for name in sorted(expected):
        if name not in raw:
            place.inside(name).refuse("缺少这一项，请补上并写明条款。")
    return raw


def describe(raw: object) -> str:
    """Name a raw value for an error message."""
    if raw is None:
        return "空"
    names: tuple[tuple[type, str], ...] = (
        (bool, "真假值"),
        (int, "整数"),
        (float, "浮点数"),
        (str, "文字"),
        (datetime, "日期时间"),
        (date, "日期"),
        (list, "列表"),
        (dict, "键值表"),
    )
    for kind, name in names:
        if isinstance(raw, kind):
            return f"{name}“{raw}”" if kind not in (list, dict) else name
    return type(raw).__name__


def _optional(kind: Any, raw: object, place: Place) -> Any:
    if raw is None:
        return None
    (inner,) = [each for each in get_args(kind) if each is not NoneType]
    return convert(inner, raw, place)


def _items(raw: object, place: Place) -> list[object]:
    if not isinstance(raw, list):
        place.refuse(f"应是列表，现在是{describe(raw)}。")
    return raw


def _tuple(kinds: tuple[Any, ...], raw: object, place: Place) -> tuple[Any, ...]:
    return tuple(convert(kinds[0], item, place.inside(index)) for index, item in enumerate(_items(raw, place)))


def _frozenset(kinds: tuple[Any, ...], raw: object, place: Place) -> frozenset[Any]:
    items = _tuple(kinds, raw, place)
    if len(set(items)) != len(items):
        place.refuse("列表里有重复的项，请只留一个。")
    return frozenset(items)


def _mapping(kinds: tuple[Any, ...], raw: object, place: Place) -> Mapping[Any, Any]:
    if not isinstance(raw, dict):
        place.refuse(f"应是“键: 值”的形式，现在是{describe(raw)}。")
    key_kind, value_kind = kinds
    return MappingProxyType(
        {
            convert(key_kind, key, place): convert(value_kind, value, place.inside(str(key)))
            for key, value in raw.items()
        }
    )


def _term(kind: type[StrEnum], raw: object, place: Place) -> StrEnum:
    for member in kind:
        if raw == member.value:
            return member
    place.refuse(f"{describe(raw)}不在可用的说法里：{'、'.join(kind)}。")


def _scalar(kind: Any, raw: object, place: Place) -> Any:
    if kind is Decimal:
        return _decimal(raw, place)
    if type(raw) is not kind:
        place.refuse(f"应是{SCALAR_NAMES[kind]}，现在是{describe(raw)}。")
    return raw


def _decimal(raw: object, place: Place) -> Decimal:
    """Convert quoted text to Decimal. An unquoted 0.15 has already become a binary fraction."""
    if not isinstance(raw, str) or not DECIMAL_FORM.fullmatch(raw):
        place.refuse(f'小数要加引号写，如"0.15"；现在是{describe(raw)}。')
    return Decimal(raw)


COLLECTIONS: dict[Any, Callable[[tuple[Any, ...], object, Place], Any]] = {
    tuple: _tuple,
    frozenset: _frozenset,
    Mapping: _mapping,
}
