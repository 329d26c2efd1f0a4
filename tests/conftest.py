"""What every test may use: hypothesis profiles. Rooms with needs of their own have a conftest beside their tests."""

import os

from hypothesis import HealthCheck, settings

SLOW_MACHINE = [HealthCheck.too_slow]
settings.register_profile("default", max_examples=100, deadline=None, suppress_health_check=SLOW_MACHINE)
settings.register_profile(
    "ci", max_examples=200, deadline=None, derandomize=True, print_blob=True, suppress_health_check=SLOW_MACHINE
)
settings.register_profile("deep", max_examples=5000, deadline=None, suppress_health_check=SLOW_MACHINE)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "default"))
