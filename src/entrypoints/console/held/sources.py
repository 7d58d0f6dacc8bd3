"""Where the calls of a group come from, and what mends it for each: a page, or a number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from application.channels.edit_channel import lists
from application.ports.address_syntax import AddressSyntax
from application.ports.held_archive import HeldArchive
from application.ports.lead_channel import LeadChannel
from domain.allowlist import InvalidDomain, parse_domain
from domain.held import DOMAIN_NOT_ALLOWED, NUMBER_NOT_LISTED
from domain.lead import REST
from domain.project import Project
from entrypoints.console.channels.fields import cut

WITH_SOURCES = (DOMAIN_NOT_ALLOWED, NUMBER_NOT_LISTED)
NO_ORIGIN = "none"
"""What an address has for the calls that name no page; no page is stored by that name."""
_NOT_PAGES: Mapping[str, tuple[str, str]] = {
    NO_ORIGIN: (
        "It names no page",
        "It came with a page's key, or the project requires an origin. A server needs its own key.",
    ),
    "null": (
        "A page that hides its address",
        "It does so by its Referrer-Policy. Give it strict-origin-when-cross-origin.",
    ),
    "odd": ("No address of a page", "Look at the program that sends it."),
}
"""What to say of the origins that are no pages, and so cannot be allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """
    A page, or a number, and how many of its calls are held.

    Attributes:
        name: What it is called.
        origin: By which an address asks for its calls (`stored_origin`).
        channel: Of a number; empty for a page.
        may_be_taken: It can be allowed, or listed.
        is_taken: It is by now.
        sentence: What to do where neither can be said with a button.
    """

    name: str
    origin: str
    count: int
    channel: str = ""
    may_be_taken: bool = False
    is_taken: bool = False
    sentence: str = ""

    @property
    def needs_key(self) -> bool:
        """A server sent it, which needs a key of its own."""
        return self.origin == NO_ORIGIN and not self.channel


async def sources_of(
    archive: HeldArchive,
    channels: Mapping[str, LeadChannel],
    project: Project,
    code: str,
    count: int,
) -> Sequence[Source]:
    """
    Those of the *count* calls held under *code*, most calls first; none of other reasons.

    Those that are allowed by now come last. `judged` says of the others whether they can be.

    Raises:
        StorageUnavailable: Ask again later.
    """
    found: list[Source] = []
    if code == DOMAIN_NOT_ALLOWED:
        origins = dict(await archive.origins(project.project_id, REST, code))
        without = count - sum(origins.values())
        if without > 0:
            origins[NO_ORIGIN] = without
        found = [page_of(project, origin, number) for origin, number in origins.items()]
    elif code == NUMBER_NOT_LISTED:
        for channel in channels.values():
            if any(setting.recipients for setting in channel.settings):
                numbers = await archive.origins(project.project_id, channel.name, code)
                found += [_number(channel, number, held) for number, held in numbers.items()]
    return sorted(found, key=lambda one: (one.is_taken, -one.count, one.name))


def judged(source: Source, syntax: AddressSyntax) -> Source:
    """*source*, with why it cannot be allowed; for those that are shown, since it takes time."""
    if source.may_be_taken and not source.channel:
        try:
            parse_domain(source.origin, syntax.canonical_host)
        except InvalidDomain as refused:
            return replace(source, may_be_taken=False, sentence=f"It cannot be allowed: {refused}.")
    return source


def stored_origin(code: str, asked: str) -> str | None:
    """The origin of a `HeldQuery` for that of an address, which is empty if it asks for all."""
    return "" if (code, asked) == (DOMAIN_NOT_ALLOWED, NO_ORIGIN) else asked or None


def page_name(origin: str | None) -> str:
    """What a page is called by the origin that is stored of its calls."""
    name, _ = _NOT_PAGES.get(origin or NO_ORIGIN, (origin or "", ""))
    return name


def page_of(project: Project, origin: str, count: int) -> Source:
    """The page of this origin, of which *count* calls are held."""
    if origin in _NOT_PAGES:
        name, sentence = _NOT_PAGES[origin]
        return Source(name=name, origin=origin, count=count, sentence=sentence)
    is_taken = project.allows(origin=f"https://{origin}", referer=None)
    return Source(
        name=origin, origin=origin, count=count, may_be_taken=not is_taken, is_taken=is_taken
    )


def _number(channel: LeadChannel, number: str, count: int) -> Source:
    return Source(
        name=cut(number),
        origin=number,
        count=count,
        channel=channel.name,
        may_be_taken=any(lists(setting, number) for setting in channel.settings),
    )
