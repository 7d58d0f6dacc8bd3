"""Point 1: bodies that are dear to parse, for a channel that nobody set up."""

from tests.faults.attacks.attackers import Client, flood
from tests.faults.attacks.kinds.bodies import deep_lists, small_objects
from tests.faults.attacks.measures import Finding
from tests.faults.attacks.scene import a_scene
from tests.faults.attacks.sockets import a_post

CLIENTS = 2


def objects(seconds: float) -> Finding:
    """Two clients post 4 MiB of small nested objects to google_ads with a valid ordinary key."""
    return _post_without_pause(small_objects(), seconds)


def nested(seconds: float) -> Finding:
    """Two clients post 4 MiB of deeply nested lists to google_ads with a valid ordinary key."""
    return _post_without_pause(deep_lists(), seconds)


def _post_without_pause(body: bytes, seconds: float) -> Finding:
    with a_scene() as scene:
        request = a_post(f"/api/google_ads/webhook?api_key={scene.target.key}", body)
        clients = [Client(request)] * CLIENTS
        answers, measured = scene.measure(flood, clients, seconds=seconds)
    return Finding(f"{CLIENTS} clients, {len(body):,} bytes each time", answers, measured)
