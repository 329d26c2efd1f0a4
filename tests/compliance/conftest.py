from tests.compliance import world
from tests.worlds import shared


@shared()
def regions() -> None:
    world.found_world()
