"""Where the calls of a group come from, and what mends it for each: a page, or a number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from application.channels.edit_channel import lists
from application.ports.held_archive import HeldArchive
from application.ports.lead_channel import LeadChannel
from domain.held import DOMAIN_NOT_ALLOWED, NUMBER_NOT_LISTED
from domain.lead import REST
from domain.project import Project
from entrypoints.console.channels.fields import cut

NO_PAGE = "It names no page"
_NOT_PAGES: Mapping[str, tuple[str, str]] = {
    "": (
        NO_PAGE,
        "It came with a page's key, or the project requires an origin. A server needs its own key.",
    ),
    "null": (
        "null",
        "The page has a Referrer-Policy that hides it. Give it strict-origin-when-cross-origin.",
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
        origin: By which its calls are found; empty where they say none.
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


async def sources_of(
    archive: HeldArchive,
    channels: Mapping[str, LeadChannel],
    project: Project,
    code: str,
    count: int,
) -> Sequence[Source]:
    """
    Those of the *count* calls held under *code*, most calls first; none of other reasons.

    Raises:
        StorageUnavailable: Ask again later.
    """
    found: list[Source] = []
    if code == DOMAIN_NOT_ALLOWED:
        origins = dict(await archive.origins(project.project_id, REST, code))
        without = count - sum(origins.values())
        if without > 0:
            origins[""] = without
        found = [_page(project, origin, number) for origin, number in origins.items()]
    elif code == NUMBER_NOT_LISTED:
        for channel in channels.values():
            if any(setting.recipients for setting in channel.settings):
                numbers = await archive.origins(project.project_id, channel.name, code)
                found += [_number(channel, number, held) for number, held in numbers.items()]
    return sorted(found, key=lambda one: (-one.count, one.name))


def _page(project: Project, origin: str, count: int) -> Source:
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
