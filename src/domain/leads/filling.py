"""What a lead takes from later captures of its person; nothing that it says is ever overwritten."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

FILLED_WHOLE = ("name", "email", "phone", "source_url", "referrer", "utm")
"""What a lead does not say of these it takes as it is; `attributes` are taken key by key."""
MOST_ATTRIBUTES = 200
"""A lead that has so many takes no more, so that a person cannot grow it for ever."""
LARGEST_FILLED_BYTES = 16 * 1024
"""As JSON in UTF-8, name included; what is larger is not taken: a lead must stay storable."""

_ATTRIBUTES = "attributes"

Together = Iterable[frozenset[str]]
"""
Sets of fields and attributes that describe one thing, each by all names that it may have.

The click id of one ad beside the headline of another would be of no ad at all.
"""


def to_fill(
    known: Mapping[str, Any], later: Mapping[str, Any], together: Together = ()
) -> dict[str, Any]:
    """
    What a lead that says *known* takes from *later*, both as `LeadDetails.present()` gives them.

    Of `attributes` it is those that *known* lacks; of each set in *together* all that *later*
    says, or nothing where *known* says something of it that *later* does not say, too. What was
    taken once is not taken again.
    """
    refused = frozenset[str]().union(
        *(names for names in together if not _says_all_of(later, known, names))
    )
    taken = _lacking(known, later, refused)
    for names in together:
        got = names.intersection(names_said(taken))
        wanted = names.intersection(names_said(later)).difference(names_said(known))
        if got and got != wanted:  # some of it was too large, or had no room
            taken = _lacking(known, later, refused := refused | names)
    return taken


def filled(known: Mapping[str, Any], taken: Mapping[str, Any]) -> dict[str, Any]:
    """What a lead says that said *known* and has *taken*, which is what `to_fill` gave."""
    both = {**known, **taken}
    if _ATTRIBUTES in taken:
        both[_ATTRIBUTES] = {**known.get(_ATTRIBUTES, {}), **taken[_ATTRIBUTES]}
    return both


def said_of(details: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    """What *details* say of fields and attributes with these *names*, as details."""
    fields = {name: value for name, value in details.items() if name in names}
    attributes = details.get(_ATTRIBUTES, {})
    if some := {name: value for name, value in attributes.items() if name in names}:
        fields[_ATTRIBUTES] = some
    return fields


def _says_all_of(later: Mapping[str, Any], known: Mapping[str, Any], names: frozenset[str]) -> bool:
    said, again = said_of(known, names), said_of(later, names)
    attributes = said.pop(_ATTRIBUTES, {}).items() <= again.pop(_ATTRIBUTES, {}).items()
    return bool(attributes) and said.items() <= again.items()


def names_said(details: Mapping[str, Any]) -> Iterator[str]:
    """The names of the fields and attributes that are there."""
    yield from details
    yield from details.get(_ATTRIBUTES, ())


def _lacking(
    known: Mapping[str, Any], later: Mapping[str, Any], refused: frozenset[str]
) -> dict[str, Any]:
    whole = {name: later[name] for name in FILLED_WHOLE if name in later}
    taken: dict[str, Any] = dict(_not_said(known, whole, refused))
    said = known.get(_ATTRIBUTES, {})
    room = max(MOST_ATTRIBUTES - len(said), 0)
    lacking = _not_said(said, later.get(_ATTRIBUTES, {}), refused)
    if attributes := dict(islice(lacking, room)):
        taken[_ATTRIBUTES] = attributes
    return taken


def _not_said(
    known: Mapping[str, Any], later: Mapping[str, Any], refused: frozenset[str]
) -> Iterator[tuple[str, Any]]:
    for name, value in later.items():
        if name in known or name in refused:
            continue
        if _size_bytes(name, value) <= LARGEST_FILLED_BYTES:
            yield name, value


def _size_bytes(name: str, value: object) -> int:
    text = json.dumps({name: value}, ensure_ascii=False)
    return len(text.encode(errors="surrogatepass"))
