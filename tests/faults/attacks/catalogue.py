"""Every attack by its name: the kind, and the one of the kind."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from tests.faults.attacks.kinds import connections, forged, google_ads, keyless
from tests.faults.attacks.kinds.framing import framing
from tests.faults.attacks.measures import Finding

Attack = Callable[[float], Finding]
"""Runs for so many seconds, where that is its to choose."""

ATTACKS: Mapping[str, Attack] = MappingProxyType(
    {
        "google-ads/objects": google_ads.objects,
        "google-ads/nested": google_ads.nested,
        "forged/two-origin": forged.two_with_origin,
        "forged/two": forged.two_without,
        "forged/dense-origin": forged.dense_with_origin,
        "forged/dense": forged.dense_without,
        "forged/containers-origin": forged.containers_with_origin,
        "forged/containers": forged.containers_without,
        "connections/held": connections.held,
        "connections/sigterm": connections.sigterm,
        "keyless/webhook": keyless.webhook,
        "keyless/lead": keyless.lead,
        "keyless/unknown": keyless.unknown,
        "keyless/again": keyless.again,
        "keyless/stalled": keyless.stalled,
        "framing": framing,
    }
)
QUICK = ("connections/sigterm",)
"""What takes a second or two, and `make test` proves nowhere else."""


def chosen(words: Sequence[str]) -> list[str]:
    """
    The attacks that are named, whole or by their kind; all where nothing is named.

    Raises:
        KeyError: A word names none.
    """
    names = {word: [n for n in ATTACKS if word in (n, n.split("/")[0])] for word in words}
    for word, found in names.items():
        if not found:
            raise KeyError(word)
    wanted = {name for found in names.values() for name in found}
    return [name for name in ATTACKS if name in wanted or not words]
