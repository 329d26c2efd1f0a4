from tests.scope.conftest import world

__all__ = ["world"]
