from tests.compliance.conftest import regions

__all__ = ["regions"]
