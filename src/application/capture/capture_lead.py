"""One call becomes one lead."""

from dataclasses import dataclass
from datetime import datetime

from application.capture.lead_writer import LeadWriter
from application.ports.address_syntax import AddressSyntax
from application.ports.clock import Clock
from domain.capture import Capture, Kept, KeptAs, NotKeptBecause
from domain.idempotency import Idempotency, fingerprint_of, parse_key
from domain.json_value import JsonObject
from domain.lead_validation import BODY, read_details
from domain.plan import seconds_to_next_month
from domain.refusals import (
    FieldError,
    IdempotencyKeyReused,
    InvalidLead,
    PlanLimitReached,
    Refusal,
)

REST = "rest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """An admitted call with its body; *idempotency_key* is the header as it was sent."""

    project_id: str
    request_id: str
    body: JsonObject
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The lead that a call made, or that an earlier call with its idempotency key had made."""

    lead_id: int
    replayed: bool


class CaptureLead:
    """
    Keep what a client sent as one lead.

    - The lead is durable when this returns.
    - Two identical calls make two leads, unless an idempotency key says that they are one.
    - A known idempotency key is answered in a full month too, and takes no place.
    - A lead is never refused for a field that is not known here.
    """

    def __init__(self, writer: LeadWriter, syntax: AddressSyntax, clock: Clock) -> None:
        self._writer = writer
        self._syntax = syntax
        self._clock = clock

    async def __call__(self, submission: Submission) -> Receipt:
        """
        The receipt of the lead.

        Raises:
            InvalidLead, InvalidIdempotencyKey, IdempotencyKeyReused, PlanLimitReached, Overloaded:
                Nothing was written.
            StorageUnavailable: Not known to be written in time.
        """
        details = read_details(submission.body, self._syntax.is_email)
        idempotency = None
        if submission.idempotency_key is not None:
            key = parse_key(submission.idempotency_key)
            idempotency = Idempotency(key, fingerprint_of(details))
        captured_at = self._clock.now()
        outcome = await self._writer.write(
            Capture(
                capture_id=submission.request_id,
                project_id=submission.project_id,
                channel=REST,
                captured_at=captured_at,
                request_id=submission.request_id,
                details=details,
                idempotency=idempotency,
            )
        )
        if isinstance(outcome, Kept):
            return Receipt(outcome.lead_id, replayed=outcome.kept_as is KeptAs.REPLAYED)
        raise _refusal(outcome.because, captured_at)


def _refusal(why: NotKeptBecause, captured_at: datetime) -> Refusal:
    if why is NotKeptBecause.PLAN_FULL:
        return PlanLimitReached(retry_after_seconds=seconds_to_next_month(captured_at))
    if why is NotKeptBecause.KEY_REUSED:
        return IdempotencyKeyReused()
    return InvalidLead([FieldError(BODY, "cannot be stored")])
