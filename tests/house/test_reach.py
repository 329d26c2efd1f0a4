"""No code is left that no page, admin, command, task or setting reaches."""

from tests.house.reach import Node, definitions, reachable
from tests.house.source import Module, is_migration, modules

ENTRY_ROOMS = {"pages", "admin", "management", "tasks", "apps", "templatetags", "formats", "migrations"}
ENTRIES = {
    "workers.services.session_store",
    "songshan_cw.settings",
    "songshan_cw.urls",
    "songshan_cw.wsgi",
    "songshan_cw.celery",
    "songshan_cw.checks",
}


def is_entry(module: Module) -> bool:
    parts = module.name.split(".")
    return module.name in ENTRIES or bool(ENTRY_ROOMS & set(parts[1:2])) or '__name__ == "__main__"' in module.text


def roots() -> list[Node]:
    entries = [module for module in modules() if is_entry(module)]
    return [(module.name, name) for module in entries for name in ("", *(name for name, _ in definitions(module)))]


def test_every_definition_is_reached() -> None:
    found = reachable(roots())
    unused = [
        f"{module.path} {name}"
        for module in modules()
        if not is_migration(module)
        for name, _ in definitions(module)
        if (module.name, name) not in found and not name.startswith("__")
    ]
    assert not unused, "\n".join([*unused, "没有任何页面、后台、命令用到：删去，连同只测它的测试。"])
