from tests.scope.conftest import clerk, world

__all__ = ["clerk", "world"]
