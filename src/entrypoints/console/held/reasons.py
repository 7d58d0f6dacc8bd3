"""Why calls are held, and what mends it, in words: for a page, by the code of the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from domain import held
from domain.project import Project
from entrypoints.console import words


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something waits, in a few words, and what is best done."""

    title: str
    sentence: str


REASONS: Mapping[str, Reason] = MappingProxyType(
    {
        held.PLAN_LIMIT_REACHED: Reason(
            "The month was full",
            "They came when every place of the month was taken.",
        ),
        held.DOMAIN_NOT_ALLOWED: Reason(
            "Sent by a page that is not on the list",
            "The domains of this project do not have the page that sent them. Allow those that are"
            " yours, then release what they sent.",
        ),
        held.VALIDATION_FAILED: Reason(
            "A field does not fit",
            "What is wrong is said with each, for whoever sends them. Released, each becomes a"
            " lead: what fits no field is kept among its attributes.",
        ),
        held.INVALID_JSON: Reason(
            "What was sent could not be parsed",
            "What is wrong is said with each, for whoever sends them. Released, each becomes a"
            " lead with its text among the attributes.",
        ),
        held.NUMBER_NOT_LISTED: Reason(
            "Sent to a number that no project lists",
            "List the numbers that are yours: what was sent to them becomes leads within seconds."
            " If another project lists one already, both need the same secret.",
        ),
        held.UNREADABLE: Reason(
            "Could not be read",
            "Look at each. Released, it becomes a lead of what can be read of it, with its text"
            " beside it.",
        ),
        held.UNPROVEN: Reason(
            "Nothing proves who sent it",
            "Very many came in one minute, and no secret is set that would prove who sent them."
            " Set it, then release those that are real.",
        ),
        held.RATE_LIMITED: Reason(
            "Too many calls from one address",
            "If they were real, an operator raises SWIFTCRM_RATE_LIMIT; if the address is that of"
            " a proxy, an operator names it in SWIFTCRM_TRUSTED_PROXIES.",
        ),
        held.KEY_REVOKED: Reason(
            "Sent with a key that is revoked",
            "Somebody still uses it: give them a new one.",
        ),
        held.NO_ROOM: Reason(
            "No room to hold more",
            "As much was held for this reason as may be, or more came at once than could be"
            " written. Release what waits. If the number of calls is what is too many, an operator"
            " raises SWIFTCRM_HELD_MAX.",
        ),
    }
)
"""Of every code that something is held under, and of every line."""

BY_THEMSELVES = "They become leads by themselves as soon as a place is free."
CALLS_WAIT = (
    "Messages become leads by themselves as soon as a place is free. Calls of pages and servers"
    " wait for you, unless Release held calls is on in the settings."
)


@dataclass(frozen=True, slots=True)
class Remedy:
    """What mends the cause: a sentence, or the words and the path of a page that does."""

    sentence: str = ""
    link: str = ""
    path: str = ""


def remedies(
    code: str, project: Project, *, is_admin: bool, channels: Sequence[str] = ()
) -> Sequence[Remedy]:
    """
    What helps whoever reads the page against *code*.

    Args:
        code: Of the group.
        project: That holds it, with its settings as they are now.
        is_admin: Whether the reader may change its monthly limit.
        channels: Those through which the items of the group came, of those that are switched on.
    """
    settings = f"/projects/{project.project_id}/settings"
    if code == held.PLAN_LIMIT_REACHED:
        later = Remedy(BY_THEMSELVES if project.release_held_calls else CALLS_WAIT)
        if is_admin:
            return later, Remedy(link="Raise the limit", path=f"{settings}#monthly_limit")
        return later, Remedy(words.ADMIN_RAISES_LIMIT)
    if code == held.VALIDATION_FAILED and not project.lenient:
        return (Remedy(link="Read leniently", path=f"{settings}#lenient"),)
    if code == held.UNPROVEN:
        return [
            Remedy(
                link=f"Set the secret of {words.channel_name(one)}",
                path=f"{settings}/{one}#settings",
            )
            for one in channels
        ]
    if code == held.KEY_REVOKED:
        return (Remedy(link="API keys", path=f"{settings}/keys"),)
    return ()
