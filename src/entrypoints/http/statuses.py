"""
Every failure as a client sees it.

A status is chosen by what makes the sender do the right thing: 5xx and 429 come again, other
4xx are to be mended first (Meta brings a delivery again for a week, whatever is not 200).
A new refusal is a row in `STATUS_OF`; a test fails while it is missing.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from sanic.exceptions import SanicException

from domain import refusals
from domain.errors import StorageUnavailable, StoreUnusable
from domain.refusals import Refusal
from domain.users import refusals as console

STATUS_OF: Mapping[type[Exception], int] = {
    refusals.InvalidApiKey: 401,
    refusals.DomainNotAllowed: 403,
    refusals.RateLimited: 429,
    refusals.UnsupportedMediaType: 415,
    refusals.InvalidJson: 400,
    refusals.InvalidLead: 422,
    refusals.InvalidIdempotencyKey: 400,
    refusals.IdempotencyKeyReused: 422,
    refusals.PlanLimitReached: 429,
    refusals.Overloaded: 503,
    refusals.UnknownChannel: 404,
    refusals.ChallengeNotOffered: 405,
    refusals.ChallengeIncomplete: 400,
    refusals.ChallengeRefused: 403,
    refusals.SignatureMismatch: 401,
    console.WrongPassword: 401,
    console.TooManyTries: 429,
    console.LinkGone: 410,
    console.WeakPassword: 422,
    console.NotOurForm: 403,
    console.NotThere: 404,
    console.HashingBusy: 503,
    StorageUnavailable: 503,
    StoreUnusable: 503,  # an operator's to mend, a client's to try again
}

HELD = "X-SwiftCRM-Held"

CODES: Mapping[int, tuple[str, str]] = {
    400: ("BAD_REQUEST", "The request could not be understood."),
    404: (refusals.UnknownChannel.code, refusals.UnknownChannel.message),
    405: (refusals.ChallengeNotOffered.code, refusals.ChallengeNotOffered.message),
    408: ("REQUEST_TIMEOUT", "The request took too long to arrive."),
    413: ("BODY_TOO_LARGE", "The body or the headers are too large."),
    415: (refusals.UnsupportedMediaType.code, refusals.UnsupportedMediaType.message),
    417: ("EXPECTATION_FAILED", "The expectation in the Expect header cannot be met."),
    500: (
        "INTERNAL_ERROR",
        "Something went wrong on our side. It was logged with this request_id.",
    ),
    503: (refusals.Overloaded.code, refusals.Overloaded.message),
}
"""What HTTP itself can fail with, before or beside the application."""

LEADS_ARE_POSTED = (
    "Send a lead with POST. If you did, a redirect has made a GET of it, as one from http to"
    " https does: post to the address that it leads to."
)
"""What a 405 says on the lead path."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer with an error status."""

    status: int
    code: str
    message: str
    headers: dict[str, str] = field(default_factory=dict)
    members: Mapping[str, object] = field(default_factory=dict)


def failure_of(error: BaseException) -> Failure:
    """What to answer for *error*; anything that is not known is a defect of ours, and 500."""
    if isinstance(error, tuple(STATUS_OF)) and isinstance(error, Refusal):
        return _refusal(error)
    if isinstance(error, StorageUnavailable | StoreUnusable):
        wait = {"Retry-After": str(StorageUnavailable.retry_after_seconds)}
        return Failure(
            STATUS_OF[type(error)], StorageUnavailable.code, StorageUnavailable.message, wait
        )
    if isinstance(error, SanicException):
        return _http(error)
    if isinstance(error, asyncio.CancelledError):  # the process ends
        return _plain(503, {"Retry-After": "1"})
    return _plain(500)


def _refusal(error: Refusal) -> Failure:
    status = next(STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF)
    headers = {}
    if isinstance(error, refusals.PlanLimitReached) and error.is_held:
        headers[HELD] = "true"  # in place of Retry-After: nobody has to send it again
    elif error.retry_after_seconds is not None:
        headers["Retry-After"] = str(error.retry_after_seconds)
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, refusals.ChallengeNotOffered):
        headers["Allow"] = "POST"
    return Failure(status, error.code, error.message, headers, error.extra_members())


def _http(error: SanicException) -> Failure:
    status = error.status_code or 500
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return _plain(503, {"Retry-After": "1"})
    if status not in CODES:
        status = 400 if status < HTTPStatus.INTERNAL_SERVER_ERROR else 500
    headers = {k: v for k, v in (error.headers or {}).items() if k.lower() == "allow"}
    return _plain(status, headers)


def _plain(status: int, headers: dict[str, str] | None = None) -> Failure:
    code, message = CODES[status]
    return Failure(status, code, message, headers or {})
