"""
Why a call is refused.

    Refusal
    ├── InvalidApiKey
    ├── DomainNotAllowed
    ├── RateLimited
    ├── UnsupportedMediaType
    ├── InvalidJson
    ├── InvalidLead
    ├── InvalidIdempotencyKey
    ├── IdempotencyKeyReused
    ├── PlanLimitReached
    ├── Overloaded
    ├── UnknownChannel
    ├── ChallengeNotOffered
    ├── ChallengeIncomplete
    ├── ChallengeRefused
    ├── SignatureMismatch
    │                     of the console, in `domain.users.refusals`
    ├── WrongPassword
    ├── TooManyTries
    ├── LinkGone
    ├── WeakPassword
    ├── NotOurForm
    ├── NotThere
    └── HashingBusy

A new refusal is a class here, a line in this tree and a row in `entrypoints.http.statuses`;
a test says which of them is missing.
No message repeats what was sent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from domain.api_key import ApiKey


class Refusal(Exception):
    """A call is understood and answered with no; *code* is for programs, *message* for people."""

    code: ClassVar[str]
    message: str

    def __init__(self, *, retry_after_seconds: int | None = None) -> None:
        super().__init__(self.message)
        self.retry_after_seconds = retry_after_seconds
        self.project_id: str | None = None  # whose call it was, as soon as that is known

    def extra_members(self) -> Mapping[str, object]:
        """What the answer says beyond code, message and request id."""
        return {}

    def logged_members(self) -> Mapping[str, object]:
        """What our own log says beyond the code and the project; it is never answered."""
        return {}


class InvalidApiKey(Refusal):
    """The key is missing, malformed, unknown or revoked, or does not open this door."""

    code = "INVALID_API_KEY"
    message = "Invalid or missing project API key."

    def __init__(self, cause: str, key: ApiKey | None = None) -> None:
        super().__init__()
        self.cause = cause
        self.key = key
        self.project_id = key.project_id if key is not None else None

    def logged_members(self) -> Mapping[str, object]:
        """The cause, which no caller may hear, and whose key it is, where somebody has it."""
        if self.key is None:
            return {"cause": self.cause}
        return {"cause": self.cause, "key_id": self.key.key_id, "key_hint": self.key.hint}


class DomainNotAllowed(Refusal):
    """The page that sent the call is not on the project's allowlist."""

    code = "DOMAIN_NOT_ALLOWED"
    message = "Origin or Referer not in project allowlist."

    def __init__(self, origin: str) -> None:
        super().__init__()
        self.origin = origin

    def logged_members(self) -> Mapping[str, object]:
        """The page, as `allowlist.judged_page` names it."""
        return {"origin": self.origin}


class RateLimited(Refusal):
    """One client address sent too much to one project in a short window."""

    code = "RATE_LIMITED"
    message = "Too many requests. Please slow down."


class UnsupportedMediaType(Refusal):
    """The body is not JSON and does not mean to be, or it is compressed."""

    code = "UNSUPPORTED_MEDIA_TYPE"
    message = "Send the body as a JSON object in UTF-8, and do not compress it."


class InvalidJson(Refusal):
    """The body is not a JSON object (RFC 8259); *flaw* is a sentence that says where it fails."""

    code = "INVALID_JSON"
    message = "The body must be a JSON object in UTF-8."

    def __init__(self, flaw: str = "") -> None:
        self.message = f"{self.message} {flaw}".rstrip()
        super().__init__()
        self.flaw = flaw

    def logged_members(self) -> Mapping[str, object]:
        """Where it fails, in words of ours; nothing that was sent."""
        return {"cause": self.flaw} if self.flaw else {}


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong field of a lead, and what it must be."""

    field: str
    message: str


def field_errors(errors: Iterable[FieldError]) -> list[Mapping[str, str]]:
    """What an answer says of wrong fields."""
    return [{"field": error.field, "message": error.message} for error in errors]


class InvalidLead(Refusal):
    """The body is a JSON object, but not a lead; `errors` names every wrong field."""

    code = "VALIDATION_FAILED"
    message = "Some fields are not valid."

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__()
        self.errors = tuple(errors)

    def extra_members(self) -> Mapping[str, object]:
        """The wrong fields, each with its message."""
        return {"errors": field_errors(self.errors)}

    def logged_members(self) -> Mapping[str, object]:
        """The same as one object: names and sentences of ours, and nothing that was sent."""
        return {"fields": {e.field: e.message for e in self.errors}}


class InvalidIdempotencyKey(Refusal):
    """The Idempotency-Key header cannot be a key."""

    code = "INVALID_IDEMPOTENCY_KEY"
    message = "Idempotency-Key must be 1 to 255 printable ASCII characters."


class IdempotencyKeyReused(Refusal):
    """The key already names another lead."""

    code = "IDEMPOTENCY_KEY_REUSED"
    message = "This Idempotency-Key was used for a different lead."


class PlanLimitReached(Refusal):
    """Every place of the month is taken; the call waits for one if it *is_held*."""

    code = "PLAN_LIMIT_REACHED"
    message = "Monthly lead limit reached. Please upgrade."
    is_held = False


class Overloaded(Refusal):
    """The queue is full, or the process is ending; nothing was written."""

    code = "OVERLOADED"
    message = "The service is busy. Please try again."


class UnknownChannel(Refusal):
    """No channel of this name is switched on."""

    code = "NOT_FOUND"
    message = "There is nothing at this address."


class ChallengeNotOffered(Refusal):
    """The channel knows no subscription challenge."""

    code = "METHOD_NOT_ALLOWED"
    message = "This method is not allowed here."


class ChallengeIncomplete(Refusal):
    """A subscription challenge lacks a parameter."""

    code = "BAD_REQUEST"
    message = "A parameter of the subscription challenge is missing."


class ChallengeRefused(Refusal):
    """A subscription challenge has the wrong token or mode."""

    code = "WEBHOOK_VERIFICATION_FAILED"
    message = "The verify token or the mode is wrong."


class SignatureMismatch(Refusal):
    """A delivery was not signed with a secret of this project; nothing of it was read."""

    code = "INVALID_SIGNATURE"
    message = "The signature or secret of the delivery is missing or wrong."
