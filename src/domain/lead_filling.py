"""What a lead takes from later captures of its person; nothing that it says is ever overwritten."""

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

FILLED_WHOLE = ("name", "email", "phone", "source_url", "referrer", "utm")
"""What a lead does not say of these it takes as it is; `attributes` are taken key by key."""
MOST_ATTRIBUTES = 200
"""A lead that has so many takes no more, so that a person cannot grow it for ever."""
LARGEST_FILLED_BYTES = 16 * 1024
"""As JSON in UTF-8, name included; what is larger is not taken: a lead must stay storable."""

_ATTRIBUTES = "attributes"


def to_fill(known: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, Any]:
    """
    What a lead that says *known* takes from *later*, both as `LeadDetails.present()` gives them.

    Of `attributes` it is those that *known* lacks. What was taken once is not taken again.
    """
    whole = {name: later[name] for name in FILLED_WHOLE if name in later}
    taken: dict[str, Any] = dict(_lacking(known, whole))
    said = known.get(_ATTRIBUTES, {})
    room = max(MOST_ATTRIBUTES - len(said), 0)
    if attributes := dict(islice(_lacking(said, later.get(_ATTRIBUTES, {})), room)):
        taken[_ATTRIBUTES] = attributes
    return taken


def filled(known: Mapping[str, Any], taken: Mapping[str, Any]) -> dict[str, Any]:
    """What a lead says that said *known* and has *taken*, which is what `to_fill` gave."""
    both = {**known, **taken}
    if _ATTRIBUTES in taken:
        both[_ATTRIBUTES] = {**known.get(_ATTRIBUTES, {}), **taken[_ATTRIBUTES]}
    return both


def _lacking(known: Mapping[str, Any], later: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in later.items():
        if name not in known and _size_bytes(name, value) <= LARGEST_FILLED_BYTES:
            yield name, value


def _size_bytes(name: str, value: object) -> int:
    text = json.dumps({name: value}, ensure_ascii=False)
    return len(text.encode(errors="surrogatepass"))
