"""One call becomes one lead."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from application.capture.lead_writer import LeadWriter
from application.ports.address_syntax import AddressSyntax
from application.ports.clock import Clock
from domain.capture import Capture, Kept, KeptAs, NotKept, NotKeptBecause
from domain.idempotency import (
    Idempotency,
    earlier_fingerprint_of,
    fingerprint_of,
    key_of_sender,
    parse_key,
)
from domain.json_value import JsonObject
from domain.lead import REST
from domain.lead_body.reading import BODY, read_lead
from domain.plan import seconds_to_next_month
from domain.refusals import (
    FieldError,
    IdempotencyKeyReused,
    InvalidLead,
    PlanLimitReached,
    Refusal,
)

NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Submission(NamedTuple):
    """
    An admitted call with its body.

    Attributes:
        body: As it was parsed, without what no store keeps (`domain.json_value.cleaned`).
        lenient: Whether what does not fit refuses nothing.
        idempotency_key: The header as it was sent; empty if it was not.
        sender_headers: Of the headers in `domain.idempotency.SENDERS_HEADERS`, those that came.
    """

    project_id: str
    request_id: str
    body: JsonObject
    lenient: bool = False
    idempotency_key: str = ""
    sender_headers: Mapping[str, str] = NO_HEADERS


class ReadLead(NamedTuple):
    """
    A submission as it was read, before anything is written.

    Attributes:
        warnings: What did not fit, and is kept as an attribute.
        is_named_by_client: Whether its idempotency key is a promise of the client's.
    """

    capture: Capture
    warnings: Sequence[FieldError]
    is_named_by_client: bool


class Receipt(NamedTuple):
    """
    The lead that a call made, or that an earlier call with its idempotency key had made.

    Attributes:
        warnings: What did not fit, and was kept as an attribute.
    """

    lead_id: int
    replayed: bool
    warnings: Sequence[FieldError] = ()


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
        """The receipt of the lead; raises what `read` and `keep` do."""
        return await self.keep(self.read(submission))

    def read(self, submission: Submission) -> ReadLead:
        """
        What may become a lead.

        Raises:
            InvalidLead, InvalidIdempotencyKey: It may not.
        """
        reading = read_lead(submission.body, self._syntax.is_email, lenient=submission.lenient)
        key, headers = submission.idempotency_key, submission.sender_headers
        capture = Capture(
            capture_id=submission.request_id,
            project_id=submission.project_id,
            channel=REST,
            captured_at=self._clock.now(),
            request_id=submission.request_id,
            details=reading.details,
            is_fresh=True,
            idempotency=named(submission.body, key, headers),
        )
        return ReadLead(capture, reading.warnings, parse_key(key) is not None)

    async def keep(self, read: ReadLead) -> Receipt:
        """
        The receipt of the lead, which is durable by then.

        Raises:
            InvalidLead, IdempotencyKeyReused, PlanLimitReached, Overloaded: Nothing was written.
            StorageUnavailable: Not known to be written in time.
        """
        capture = read.capture
        outcome = await self._writer.write(capture)
        is_reused = isinstance(outcome, NotKept) and outcome.because is NotKeptBecause.KEY_REUSED
        if is_reused and not read.is_named_by_client:
            # A sender's name for a delivery is no promise of a client's: another lead under the
            # same name is a lead of its own. Nothing was written yet, so it is not there twice.
            outcome = await self._writer.write(replace(capture, idempotency=None))
        if isinstance(outcome, Kept):
            replayed = outcome.kept_as is KeptAs.REPLAYED
            return Receipt(outcome.lead_id, replayed, read.warnings)
        raise _refusal(outcome.because, capture.captured_at)


def named(
    body: JsonObject, idempotency_key: str, sender_headers: Mapping[str, str]
) -> Idempotency | None:
    """
    What names the lead of *body*, so that sending it again is harmless; see `Submission`.

    Raises:
        InvalidIdempotencyKey: The header cannot be a key.
    """
    if not idempotency_key and not sender_headers:  # as of most
        return None
    key = parse_key(idempotency_key) or key_of_sender(sender_headers)
    if key is None:
        return None
    return Idempotency(key, fingerprint_of(body), earlier_fingerprint_of(body))


def _refusal(why: NotKeptBecause, captured_at: datetime) -> Refusal:
    if why is NotKeptBecause.PLAN_FULL:
        return PlanLimitReached(retry_after_seconds=seconds_to_next_month(captured_at))
    if why is NotKeptBecause.KEY_REUSED:
        return IdempotencyKeyReused()
    return InvalidLead([FieldError(BODY, "cannot be stored")])
