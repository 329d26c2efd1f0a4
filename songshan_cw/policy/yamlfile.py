"""Strict reading of one YAML file: safe types only, and a key written twice is an error, not a silent win."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from songshan_cw.policy.errors import PolicyDataError, file_label


class DuplicateKey(yaml.YAMLError):
    """A mapping names one key twice; ``key`` is the second."""

    def __init__(self, key: object, line: int) -> None:
        self.key = str(key)
        self.line = line
        super().__init__(f"第{line}行重复写了“{key}”")


class StrictLoader(yaml.SafeLoader):
    """PyYAML's safe loader that refuses duplicate keys."""

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
    """The content of a file as plain Python values."""
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
