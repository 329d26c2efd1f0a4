from tests.payroll.conftest import district, table

__all__ = ["district", "table"]
