"""Imports run one way: up through the rooms, and from the later app to the earlier one."""

import pytest

from tests.house.source import PACKAGES, Module, is_migration, modules

APPS = ("workers", "assessment", "payroll")
# Rooms from the floor to the roof, the same in every app. A module imports its own level and those below.
LEVELS = (
    {"words", "policy"},
    {"rules"},
    {"data", "files", "security", "formats", "celery", "checks"},
    {"models"},
    {"selectors"},
    {"ledger"},
    {"services", "workbook"},
    {"site"},
    {"pages", "admin", "management", "tasks", "apps", "demo"},
    {"settings", "urls", "wsgi", "templatetags"},
)
LEVEL = {room: level for level, rooms in enumerate(LEVELS) for room in rooms}
PURE = {*LEVELS[0], *LEVELS[1]}
SITE = LEVEL["site"]


def room(name: str) -> str:
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else ""


def level(name: str) -> int:
    """Files of an app (pay sheets, bank lists) read selectors; those of the floor know no app."""
    if room(name) == "files" and not in_site(name):
        return LEVEL["ledger"]
    return LEVEL.get(room(name), -1)


def own_imports(module: Module) -> list[tuple[str, int]]:
    return [(name, line) for name, line in module.imports() if name.split(".")[0] in PACKAGES and room(name)]


def in_site(name: str) -> bool:
    return name.split(".")[0] == "songshan_cw"


def named(faults: list[str], advice: str) -> None:
    assert not faults, "\n".join([*faults, advice])


def test_every_module_stands_in_a_room() -> None:
    faults = [module.path for module in modules() if room(module.name) not in {*LEVEL, "", "migrations"}]
    named(faults, f"每个应用只有这些房间：{'、'.join(sorted(LEVEL))}。")


def test_rooms_import_one_way() -> None:
    faults = [
        f"{module.path}:{line} 引用了 {name}"
        for module in modules()
        if room(module.name) and not is_migration(module)
        for name, line in own_imports(module)
        if level(name) > level(module.name)
    ]
    named(faults, "引用只能向下（见 LEVELS）：把函数下移到该在的一层。")


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


def test_the_floor_knows_no_app_and_the_site_only_the_first() -> None:
    faults = []
    for module in modules():
        if not in_site(module.name):
            continue
        allowed = {"songshan_cw", "workers"} if level(module.name) == SITE else {"songshan_cw"}
        faults += [
            f"{module.path}:{line} 引用了 {name}"
            for name, line in own_imports(module)
            if name.split(".")[0] not in allowed
        ]
    named(faults, "songshan_cw 的底层不引用应用，site 只引用 workers；页面写在应用里，由 site 收集。")


def test_rules_and_words_import_no_django() -> None:
    faults = [
        f"{module.path}:{line} 引用了 {name}"
        for module in modules()
        if room(module.name) in PURE
        for name, line in module.imports()
        if name.split(".")[0] in {"django", "unfold", "import_export"}
    ]
    named(faults, "规则、用语和政策只用标准库和彼此；数据由 selectors 取好传入。")


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


def test_every_room_exists() -> None:
    assert sorted(set(LEVEL) - {room(module.name) for module in modules()}) == [], "LEVELS 里列了已不存在的房间。"
