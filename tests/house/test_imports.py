"""Imports run one way: vocabulary ← rules ← models ← selectors ← services ← what people touch; and between apps."""

import pytest

from tests.house.source import PACKAGES, Module, is_migration, modules

APPS = ("workers", "assessment", "payroll")
VOCABULARY = ("terms", "periods", "spans", "money", "policy")
PURE_ROOMS = ("rules", "limits", "compliance")
# The site's modules that put the apps together; every other one is vocabulary or machinery that knows no app.
COMPOSITION = {"settings", "urls", "apps", "wsgi", "asgi", "celery", "views", "dashboard"}
COMPOSITION |= {"pages", "admin", "admin_site", "scoped_admin", "changelists", "filters", "navigation"}
# A room may import its own rank and lower ones. A room that is not listed is the top: only its like may import it.
# What reads a file without knowing the database stands low, though the rest of the workbook does not.
RANKS = {
    "rules": 1,
    "limits": 1,
    "compliance": 1,
    "identity": 1,
    "initials": 1,
    "permissions": 1,
    "table_file": 1,
    "workbook.faults": 1,
    "workbook.sniffing": 1,
    "workbook.cells": 1,
    "workbook.dates": 1,
    "workbook.vocabulary": 1,
    "workbook.reading": 1,
    "workbook.spooling": 1,
    "models": 2,
    "scope": 3,
    "selectors": 4,
    "registers": 4,
    "streams": 4,
    "search": 4,
    "calendar": 4,
    "standing": 4,
    "services": 5,
    "regions": 5,
    "exporting": 6,
    "workbook": 6,
}
TOP = 9


def room(name: str) -> str:
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else ""


def rank(name: str) -> int:
    inner = ".".join(name.split(".")[1:3])
    return RANKS.get(inner, RANKS.get(room(name), TOP))


def own_imports(module: Module) -> list[tuple[str, int]]:
    return [(name, line) for name, line in module.imports() if name.split(".")[0] in PACKAGES]


def in_site(name: str) -> bool:
    return name.split(".")[0] == "songshan_cw"


def is_rules_or_vocabulary(name: str) -> bool:
    return room(name) in VOCABULARY if in_site(name) else room(name) in PURE_ROOMS


def named(faults: list[str], advice: str) -> None:
    assert not faults, "\n".join([*faults, advice])


def test_apps_import_one_way() -> None:
    faults = []
    for module in modules():
        app = module.name.split(".")[0]
        if app not in APPS:
            continue
        later = APPS[APPS.index(app) + 1 :]
        faults += [
            f"{module.path}:{line} 引用了 {name}" for name, line in own_imports(module) if name.split(".")[0] in later
        ]
    named(faults, "方向应为 workers ← assessment ← payroll：把用到的东西下移，或让后面的应用向前面的登记。")


def test_rooms_import_one_way() -> None:
    faults = []
    for module in modules():
        if in_site(module.name) or is_migration(module):
            continue
        faults += [
            f"{module.path}:{line} 引用了 {name}"
            for name, line in own_imports(module)
            if not in_site(name) and rank(name) > rank(module.name) and room(name)
        ]
    named(
        faults,
        "方向应为 rules ← models ← selectors ← services ← admin、views、commands（见 RANKS）：把函数下移到该在的一层。",
    )


def test_only_the_top_imports_what_composes_the_site() -> None:
    faults = [
        f"{module.path}:{line} 引用了 {name}"
        for module in modules()
        if (rank(module.name) < TOP if not in_site(module.name) else room(module.name) not in COMPOSITION)
        for name, line in own_imports(module)
        if in_site(name) and room(name) in COMPOSITION
    ]
    named(faults, "站点的拼装和后台模块在最上层，只有 admin、views、commands 可以引用。")


def test_site_vocabulary_knows_no_app() -> None:
    faults = []
    for module in modules():
        if in_site(module.name) and room(module.name) not in COMPOSITION:
            faults += [f"{module.path}:{line} 引用了 {name}" for name, line in own_imports(module) if not in_site(name)]
    named(faults, "songshan_cw 里只有拼装站点的模块（见 COMPOSITION）可以引用应用。")


def test_rules_and_vocabulary_import_no_django() -> None:
    faults = []
    for module in modules():
        if not is_rules_or_vocabulary(module.name):
            continue
        for name, line in module.imports():
            if name.split(".")[0] in {"django", "unfold", "import_export"}:
                faults.append(f"{module.path}:{line} 引用了 {name}")
            elif name.split(".")[0] in PACKAGES and not is_rules_or_vocabulary(name):
                faults.append(f"{module.path}:{line} 引用了 {name}，那里不保证没有 Django")
    named(faults, "规则和政策只用标准库、terms、periods、spans、money、policy 和其他规则；数据由 selectors 取好传入。")


def test_policy_imports_no_rules() -> None:
    faults = []
    for module in modules():
        if in_site(module.name) and room(module.name) in VOCABULARY:
            faults += [
                f"{module.path}:{line} 引用了 {name}"
                for name, line in own_imports(module)
                if not in_site(name) or room(name) not in VOCABULARY
            ]
    named(faults, "terms、periods、spans、money、policy 只能互相引用。")


def test_no_logic_in_signals() -> None:
    faults = [
        f"{module.path}:{line} 引用了 {name}"
        for module in modules()
        for name, line in module.imports()
        if name.startswith("django.db.models.signals.")
        and name.rsplit(".", 1)[1] not in {"post_migrate", "pre_migrate"}
    ]
    named(faults, "不用信号写业务：把动作写进服务，由服务显式调用。")


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_is_read(package: str) -> None:
    """Were a folder renamed, the tests above would pass over nothing."""
    assert [module for module in modules() if module.name.split(".")[0] == package and own_imports(module)]


def test_every_ranked_room_exists() -> None:
    dotted = [module.name.split(".")[1:] for module in modules() if not in_site(module.name)]
    rooms = {".".join(parts[:length]) for parts in dotted for length in (1, 2)}
    assert sorted(set(RANKS) - rooms) == [], "RANKS 里列了已不存在的模块，请删去。"
