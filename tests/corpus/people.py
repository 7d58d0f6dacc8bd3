"""Who the people are in a sequence of items, as a ledger would find them."""

from collections.abc import Iterable

from adapters.whatsapp.attribution import BELONG_TOGETHER
from domain.delivery import Inbound
from domain.identity import Identity
from domain.lead import LeadDetails
from domain.leads.filling import filled, to_fill
from tests.corpus.cases import Person, Said


def groups_of(items: Iterable[Inbound]) -> list[list[Inbound]]:
    """The items of each person, in their order: who shares an identity is one."""
    groups: list[tuple[set[Identity], dict[int, Inbound]]] = []
    for place, item in enumerate(items):
        theirs, apart = set(item.identities), {place: item}
        for group in [g for g in groups if not g[0].isdisjoint(item.identities)]:
            groups.remove(group)
            theirs |= group[0]
            apart |= group[1]
        groups.append((theirs, apart))
    return [[apart[place] for place in sorted(apart)] for _, apart in groups]


def identities_of(group: Iterable[Inbound]) -> frozenset[Identity]:
    return frozenset(identity for item in group for identity in item.identities)


def person_of(group: list[Inbound]) -> Person | None:
    """The lead that the items of one person make, if one opens it."""
    first = next((n for n, item in enumerate(group) if item.opens_lead), None)
    if first is None:
        return None
    kept = group[first:]
    messages = {
        m.message_id: Said(m.message_id, m.type, m.text, m.sent_at)
        for item in reversed(kept)
        if (m := item.message)
    }
    return Person(
        identities_of(group),
        _filled(kept).present(),
        kept[0].counts,
        tuple(sorted(messages.values(), key=lambda said: said.message_id)),
    )


def _filled(kept: list[Inbound]) -> LeadDetails:
    """What the first says, and what later ones say that it does not."""
    said = kept[0].details.present()
    for item in kept:
        said = filled(said, to_fill(said, item.details.present(), BELONG_TOGETHER))
    return LeadDetails.of(said)
