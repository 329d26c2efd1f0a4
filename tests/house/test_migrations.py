"""Migrations do the same on every later version: they import no module whose content may change under them."""

from tests.house.source import PACKAGES, is_migration, modules

# The encrypted format at rest is kept readable for good, and so is what the field classes write.
LASTING = ("songshan_cw.data.fields", "songshan_cw.data.sealing")


def may_import(name: str) -> bool:
    """Field classes, and validators and upload paths, which Django names by the model module they live in."""
    parts = name.split(".")
    return parts[0] not in PACKAGES or name.startswith(LASTING) or (parts[1:2] == ["models"] and len(parts) == 3)


def test_migrations_import_only_fields_and_validators() -> None:
    faults = [
        f"{module.path}:{line} 引用了 {name}"
        for module in modules()
        if is_migration(module)
        for name, line in module.imports()
        if not may_import(name)
    ]
    assert not faults, "\n".join([*faults, "把用到的 SQL 和取值写进迁移本身。"])


def test_migrations_take_models_from_their_own_state() -> None:
    """Django names validators by ``import workers.models.people``; ``from`` would bring a live model."""
    faults = [
        module.path
        for module in modules()
        if is_migration(module) and any(f"from {package}.models" in module.text for package in PACKAGES)
    ]
    assert not faults, f"数据迁移用 apps.get_model：{faults}"
