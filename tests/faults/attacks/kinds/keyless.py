"""Point 4: many connections at once, whose bodies together are more than the memory should be."""

from domain.api_key import new_key
from tests.entrypoints.http.webhooks.deliveries import PATH
from tests.faults.attacks.attackers import Client, flood
from tests.faults.attacks.kinds.bodies import LARGEST
from tests.faults.attacks.measures import Finding
from tests.faults.attacks.scene import Scene, a_scene
from tests.faults.attacks.sockets import a_post
from tests.support.load import LEAD

CONNECTIONS = 150
LAST_BYTE_AFTER = 4.0
"""Seconds in which all the other bytes of all bodies can arrive."""
PAUSE_SECONDS = 1.0

PROVEN_CONNECTIONS = 600
LARGEST_LEAD = 64 * 1024


def webhook(seconds: float) -> Finding:
    """150 connections without a key send 4 MiB to the WhatsApp webhook, the last byte late."""
    return _send_together(a_post(PATH, b" " * LARGEST), seconds)


def lead(seconds: float) -> Finding:
    """150 connections without a key send 4 MiB to the lead path, the last byte late."""
    return _send_together(a_post(LEAD, b" " * LARGEST), seconds)


def unknown(seconds: float) -> Finding:
    """150 connections with a well-formed key that nobody made send 4 MiB to the webhook."""
    return _send_together(a_post(f"{PATH}?api_key={new_key()}", b" " * LARGEST), seconds)


def again(seconds: float) -> Finding:
    """150 connections with garbage for a key send 4 MiB and, once refused, come again at once."""
    request = a_post(PATH, b" " * LARGEST, "X-Api-Key: garbage")
    with a_scene() as scene:
        return _found(scene, [Client(request)] * CONNECTIONS, seconds)


def stalled(seconds: float) -> Finding:
    """600 connections with a valid key stall in 64 KiB to the lead path, a byte before the end."""
    with a_scene() as scene:
        request = a_post(LEAD, b" " * LARGEST_LEAD, f"X-Api-Key: {scene.target.key}")
        clients = [Client(request, last_byte_after=seconds, at_most=1)] * PROVEN_CONNECTIONS
        return _found(scene, clients, seconds)


def _send_together(request: bytes, seconds: float) -> Finding:
    client = Client(request, last_byte_after=LAST_BYTE_AFTER, pause_seconds=PAUSE_SECONDS)
    with a_scene() as scene:
        return _found(scene, [client] * CONNECTIONS, seconds)


def _found(scene: Scene, clients: list[Client], seconds: float) -> Finding:
    answers, measured = scene.measure(flood, clients, seconds=seconds)
    sent = f"{len(clients)} clients, {len(clients[0].request):,} bytes each time"
    return Finding(sent, answers, measured)
