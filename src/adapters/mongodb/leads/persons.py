"""
Links: they say that names are one person's, while no lead has any of the names yet.

A link and a lead are two documents, and nothing locks both. Suppose that process A learns that
two names are one person's, while process B makes a lead of one of the names. If each asked first
and wrote after that, both could find nothing, and the lead would never get the other name. So
each writes first and asks after that: A writes the link, then asks for leads; B writes the lead,
or the name into a lead, then asks for links. Whoever asks last finds what the other has written,
and gives the lead the other name. Either may be killed in between: what it has written stays, and
whoever records the same capture again continues from there.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import orjson

from adapters.mongodb.connection.collections import Collections
from adapters.mongodb.leads.documents import names_of
from domain.capture import MOST_LINKED, Capture

Name = tuple[str, str]
"""A project, and a name in it: the identity of one person, as one string."""

_FIELDS = {"_id": 0, "project_id": 1, "names": 1}


@dataclass(frozen=True, slots=True)
class Links:
    """
    Each linked name with all names that it is linked to, directly or through others.

    A group with more than `MOST_LINKED` names may have further names that were not read.
    """

    groups: Mapping[Name, AbstractSet[str]]

    def with_linked(self, project_id: str, names: Iterable[str]) -> tuple[str, ...]:
        """*names*, then the names linked to them, except groups too large for one person."""
        found = dict.fromkeys(names)
        groups = (self.groups.get((project_id, name), frozenset()) for name in list(found))
        linked = (group for group in groups if len(group) <= MOST_LINKED)
        return tuple(found | dict.fromkeys(sorted(frozenset().union(*linked))))

    def have_together(self, project_id: str, names: tuple[str, ...]) -> bool:
        """Whether *names* need no link: there is only one, or they are linked already."""
        if not names:
            return True
        return self.groups.get((project_id, names[0]), frozenset(names[:1])) >= {*names}


NO_LINKS = Links({})


async def find_links(store: Collections, names: Iterable[Name]) -> Links:
    """
    The links of *names*: one query, and more where something is linked.

    It follows them to their ends, or until a group has more than `MOST_LINKED` names. So the
    answer whether a group is too large is the same, whichever of its names you ask for.
    """
    groups: dict[Name, set[str]] = {}
    asked: set[Name] = set()
    while wanted := {*names} - asked:
        clauses = _clauses(wanted)
        found = await store.links.find({"$or": clauses}, _FIELDS).to_list(None)
        asked |= wanted
        _group(groups, found)
        names = [one for one in _named(found) if len(groups[one]) <= MOST_LINKED]
    return Links(groups) if groups else NO_LINKS


def link_document(capture: Capture) -> dict[str, Any]:
    """
    The link that says that the identities of *capture* are one person's.

    A unique index holds the sorted names, so that two processes make only one document.
    """
    names = sorted({*names_of(capture)})
    return {
        "project_id": capture.project_id,
        "link": orjson.dumps(names).decode(),
        "names": names,
    }


def _clauses(names: Iterable[Name]) -> list[Any]:
    wanted: dict[str, list[str]] = defaultdict(list)
    for project_id, name in names:
        wanted[project_id].append(name)
    return [{"project_id": p, "names": {"$in": values}} for p, values in wanted.items()]


def _named(links: Iterable[Mapping[str, Any]]) -> Iterator[Name]:
    return ((link["project_id"], name) for link in links for name in link["names"])


def _group(groups: dict[Name, set[str]], links: Iterable[Mapping[str, Any]]) -> None:
    """Add *links* to *groups*: the smaller groups go into the largest, so that it stays cheap."""
    for link in links:
        project_id, names = link["project_id"], link["names"]
        known = [groups.get((project_id, name), {name}) for name in names]
        largest = max(known, key=len)
        for group in known:
            if group is not largest:
                largest |= group
                groups |= dict.fromkeys(((project_id, name) for name in group), largest)
        groups |= dict.fromkeys(((project_id, name) for name in names), largest)
