"""Sentences of the console that more than one page says."""

from collections.abc import Mapping
from types import MappingProxyType

from domain.refusals import FieldError, IdempotencyKeyReused, PlanLimitReached, Refusal
from domain.users import refusals
from entrypoints.console.done import Done
from entrypoints.console.held import released

DONE: Mapping[str, str] = MappingProxyType(
    {
        "signed-out": "You are signed out.",
        "signed-out-everywhere": "You are signed out, here and in every other browser.",
        "password-changed": "Your password is changed. Every other browser is signed out.",
        "user-saved": "Saved. It is in force within two seconds.",
        "lead-captured": "The lead is here: it is the first in the list below.",
        "user-removed": "The user is removed, and signed out everywhere.",
        "you-removed": "You are removed, and signed out everywhere.",
        "project-saved": "Saved. It is in force within two seconds.",
        "key-revoked": "The key is revoked. It is refused within two seconds.",
        "key-revoked-since": "This form was sent before, and the key that it made is revoked.",
        "channel-saved": "Saved. It is in force within two seconds.",
        "number-listed": "The number is listed. What is held for it becomes leads within seconds.",
        "old-secret-removed": "The old secret is removed: the new one alone is valid.",
        "url-made": "The webhook URL is another one. The old one is refused within two seconds.",
        "secret-removed": "The secret is removed.",
        "domain-allowed": (
            "Allowed within two seconds. What this page sent before waits below: release it."
        ),
    }
)
"""What was done, by the word that the cookie `done` carries."""


def done(word: str) -> Done | None:
    """What the cookie `done` says; None if no page of ours has set it."""
    return Done(DONE[word]) if word in DONE else released.done(word)


HEADINGS: Mapping[int, str] = MappingProxyType(
    {
        400: "This request could not be understood",
        403: "This form was not taken",
        404: "Nothing here",
        405: "Nothing here to send",
        408: "That took too long",
        410: "This link no longer works",
        413: "That is too much at once",
        415: "This form was not taken",
        429: "Please wait",
        503: "Please try again",
    }
)
"""The heading of a page that says what went wrong, by its status."""
DEFECT = "Something went wrong here"

NOT_FOUND = "The address has a slip in it, or it leads to something that you may not see."
ELSEWHERE = (
    "It did not come from a page of this console, or the page was open for too long. Open it again,"
    " then send the form. If that does not help: the console takes forms at its public address"
    " alone, and an operator sets that in SWIFTCRM_PUBLIC_URL."
)
GONE = (
    "It was used already, has expired, or was replaced by a newer one. If you have a password, sign"
    " in with it; else ask your administrator for a new link."
)
UNREACHABLE = "The store does not answer at the moment. Nothing is lost: open the page again soon."

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "NOT_FOUND": NOT_FOUND,
        "METHOD_NOT_ALLOWED": "Open the page that you came from, and try again from there.",
        "UNSUPPORTED_MEDIA_TYPE": "The console takes what its own forms send.",
        "STORAGE_UNAVAILABLE": UNREACHABLE,
        refusals.NotOurForm.code: ELSEWHERE,
        refusals.LinkGone.code: GONE,
    }
)
"""What a person can do about a failure, by its code; of others its own message is shown."""

WRONG_NOW = "This is not your password now."
LAST_ADMIN = (
    "This is the only admin who can sign in, and one must stay. Make somebody else an admin first:"
    " who is invited counts as soon as a password is chosen."
)
EMAIL_TAKEN = "There is a user with this e-mail already. Choose New link in the list of users."
ADDRESS_IS_LOOPBACK = (
    "Links and webhook URLs work on this machine alone, until an operator sets SWIFTCRM_PUBLIC_URL."
)
MONTH_IS_FULL = "Every place of this month is taken: what comes in now is held, or refused."
ADMIN_RAISES_LIMIT = "An admin can raise the monthly limit in the settings of the project."
NAME_TAKEN = "This name is taken. Choose another one."
LINK_IS_LOOPBACK = (
    "The link has a loopback address: nobody outside this machine can open it. An operator sets"
    " SWIFTCRM_PUBLIC_URL to the address at which others reach this program."
)
NO_LIMIT = "Write a whole number, such as 500, or leave it empty for no limit."
NO_NULL = (
    "The entry null would let every page send leads. If calls are refused because a page does not"
    " say where it comes from, give the page the Referrer-Policy strict-origin-when-cross-origin."
)


def refused(refusal: Refusal) -> str:
    """Why a form was not taken, and how long to wait where that helps."""
    if refusal.retry_after_seconds is None:
        return refusal.message
    minutes = -(-refusal.retry_after_seconds // 60)
    return f"{refusal.message} Try again in {'a minute' if minutes == 1 else f'{minutes} minutes'}."


NOTHING_TYPED = "Fill in a name, an e-mail address, a phone number or a message."
NO_LEAD_MADE: Mapping[str, str] = MappingProxyType(
    {
        IdempotencyKeyReused.code: (
            "This form was sent already, and something else was in it. If you want another lead,"
            " send it again."
        ),
        PlanLimitReached.code: (
            f"No lead was made: every place of this month is taken. {ADMIN_RAISES_LIMIT}"
        ),
    }
)
"""Why the form of the first steps made no lead, by the code of the refusal."""
_FIELDS: Mapping[str, str] = MappingProxyType({"name": "Name", "email": "E-mail", "phone": "Phone"})


def wrong_field(error: FieldError) -> str:
    """What is wrong with a field of a lead."""
    return f"{_FIELDS.get(error.field, 'This')} {error.message}."


_CHANNELS: Mapping[str, str] = MappingProxyType({"rest": "Website or API", "whatsapp": "WhatsApp"})


def channel_name(name: str) -> str:
    """What a person calls the channel; of one from outside, its name as it would be written."""
    return _CHANNELS.get(name, name.replace("_", " ").title())


NOTHING_SAVED = "Nothing is saved, since no secret can be stored at the moment."
CAUSE_IN_LOG = "An operator finds the cause in the log of this service."
URL_ENDS = (
    "The URL that {name} has now is refused within two seconds, and so is everything that is sent"
    " to it, until you have pasted the new one there."
)
NO_ROOM_FOR_NUMBER = "This number cannot be listed: remove one below first, or look at it again."
NO_ROOM_FOR_ALL = (
    "Somebody else has added values meanwhile, and there is no room for all of them. Open the page"
    " again to see them."
)
NOT_COMPARED = "Deliveries are no longer compared with it, nor with the one before it."
SAID_THEN = "From then on the page of the channel says:"
