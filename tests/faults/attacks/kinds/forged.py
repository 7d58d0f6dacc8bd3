"""Point 2: unsigned deliveries to the WhatsApp webhook of a project that never set it up."""

from collections.abc import Sequence

from tests.entrypoints.http.webhooks.deliveries import PATH
from tests.faults.attacks.attackers import Client, flood
from tests.faults.attacks.kinds.bodies import containers, dense, people
from tests.faults.attacks.measures import Finding
from tests.faults.attacks.scene import Scene, a_scene
from tests.faults.attacks.sockets import a_post

FLOODERS = 4
TWO_SECONDS = 30.0
"""So long two large deliveries are waited for: each message in them may become a lead."""
FOREIGN = "Origin: https://evil.example"
LEADS_AT_MOST = {True: 0, False: 600}
"""By whether the calls had an `Origin`; without one, in any minute."""


def two_with_origin(seconds: float) -> Finding:
    """Two requests as from a foreign page, each with as many messages as fit."""
    return _forge_twice(seconds, has_origin=True)


def two_without(seconds: float) -> Finding:
    """Two requests without Origin, each with as many messages as fit."""
    return _forge_twice(seconds, has_origin=False)


def dense_with_origin(seconds: float) -> Finding:
    """Four clients post 4 MiB of tiny messages as from a foreign page, without pause."""
    return _flood(dense(), seconds, has_origin=True)


def dense_without(seconds: float) -> Finding:
    """Four clients post 4 MiB of tiny messages without Origin, without pause."""
    return _flood(dense(), seconds, has_origin=False)


def containers_with_origin(seconds: float) -> Finding:
    """Four clients post 4 MiB of empty objects and lists as from a foreign page."""
    return _flood(containers(), seconds, has_origin=True)


def containers_without(seconds: float) -> Finding:
    """Four clients post 4 MiB of empty objects and lists without Origin."""
    return _flood(containers(), seconds, has_origin=False)


def _forge_twice(seconds: float, *, has_origin: bool) -> Finding:
    bodies = [people(1), people(2)]
    return _forge(bodies, max(seconds, TWO_SECONDS), has_origin=has_origin, at_most=1)


def _flood(body: bytes, seconds: float, *, has_origin: bool) -> Finding:
    return _forge([body] * FLOODERS, seconds, has_origin=has_origin, at_most=1_000)


def _forge(bodies: list[bytes], seconds: float, *, has_origin: bool, at_most: int) -> Finding:
    headers = [FOREIGN] if has_origin else []
    with a_scene() as scene:
        path = f"{PATH}?api_key={scene.target.key}"
        clients = [Client(a_post(path, body, *headers), at_most=at_most) for body in bodies]
        answers, measured = scene.measure(flood, clients, seconds=seconds)
        scene.server.kill()  # it may still be at it
        leads, held = _made(scene)
    sent = f"{len(bodies)} clients, {len(bodies[0]):,} bytes each time"
    facts = [f"made {leads:,} leads and {held:,} held items"]
    return Finding(sent, answers, measured, facts, _too_many(leads, LEADS_AT_MOST[has_origin]))


def _made(scene: Scene) -> tuple[int, int]:
    """How many leads and held items the attacked project has."""
    return len(scene.store.leads(scene.target)), len(scene.store.held(scene.target))


def _too_many(leads: int, at_most: int) -> Sequence[str]:
    return [f"{leads:,} leads were forged (at most {at_most})."] if leads > at_most else []
