"""One call to the lead path: it becomes a lead, or it is refused and held."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from application.capture.admit_call import AdmitCall, Admitted
from application.capture.after_leads import AfterLeads
from application.capture.capture_lead import (
    NO_HEADERS,
    CaptureLead,
    ReadLead,
    Receipt,
    Submission,
    named,
)
from application.held.hold_refused import HoldRefused
from application.held.refused_call import refusal_line, refused_call
from application.ports.address_syntax import AddressSyntax
from application.ports.clock import Clock
from domain.allowlist import judged_page
from domain.api_key import without_keys
from domain.capture import Capture
from domain.errors import StorageUnavailable
from domain.held import KEY_REVOKED, RATE_LIMITED
from domain.idempotency import Idempotency
from domain.json_value import JsonObject
from domain.lead import REST, LeadDetails
from domain.lead_body.reading import read_lead
from domain.refusals import (
    DomainNotAllowed,
    InvalidApiKey,
    InvalidIdempotencyKey,
    InvalidJson,
    InvalidLead,
    PlanLimitReached,
    RateLimited,
    Refusal,
)

_HELD = (DomainNotAllowed, InvalidJson, InvalidLead, PlanLimitReached)
"""What is refused for these is held, under the code of the refusal."""
_NO_PAGE = "none"

Parse = Callable[[bytes], JsonObject]

log = logging.getLogger("swiftcrm.held")


class Caller(NamedTuple):
    """
    Who calls: what is known before the body is read.

    Attributes:
        client: The one who may call too often; None where it may be many.
        origin, referer: The headers; None when they were not sent.
        referer_is_ours: The `Referer` is our own address, as some programs send it: no page.
    """

    request_id: str
    client: str | None = None
    origin: str | None = None
    referer: str | None = None
    referer_is_ours: bool = False

    @property
    def page(self) -> str | None:
        """The page that the call comes from, as a log names it; None if it does not say one."""
        referer = None if self.referer_is_ours else self.referer
        page = judged_page(origin=self.origin, referer=referer)
        return None if page == _NO_PAGE else page


class LeadCall(NamedTuple):
    """
    An admitted call with its body as received.

    Attributes:
        parse: Makes an object of the body, or raises the refusal that says why not.
        lenient, idempotency_key, sender_headers: See `Submission`.
    """

    caller: Caller
    body: bytes
    parse: Parse
    lenient: bool = False
    idempotency_key: str = ""
    sender_headers: Mapping[str, str] = NO_HEADERS


class ReceiveLead:
    """
    Admit a call, capture its lead, and hold it if it is refused.

    - What is refused for the plan, the page, its fields, or because nobody can parse it is held,
      durably before the answer. It becomes a lead later, and nobody has to be asked again.
    - A call that is held gives way to leads: while any is written, it waits for a moment before it
      is read to be held, and before it is answered.
    - What is refused for its rate or a revoked key is only counted: a line a minute.
    - A key of ours in a body is replaced before anything is stored.
    """

    def __init__(
        self,
        admit_call: AdmitCall,
        capture_lead: CaptureLead,
        hold_refused: HoldRefused,
        after_leads: AfterLeads,
        syntax: AddressSyntax,
        clock: Clock,
    ) -> None:
        self._after_leads = after_leads
        self._admit_call = admit_call
        self._capture_lead = capture_lead
        self._hold_refused = hold_refused
        self._syntax = syntax
        self._clock = clock

    async def admit(self, key: str | None, caller: Caller) -> Admitted:
        """
        The project that the caller may send leads to, before the body is read.

        Raises:
            InvalidApiKey, RateLimited: It may not.
            StorageUnavailable: The store did not answer in time.
        """
        try:
            return await self._admit_call(key, caller.client)
        except RateLimited as refusal:
            self._note(refusal, RATE_LIMITED, caller)
            raise
        except InvalidApiKey as refusal:
            if refusal.key is not None and refusal.key.revoked_at is not None:
                self._note(refusal, KEY_REVOKED, caller)
            raise

    async def __call__(self, admitted: Admitted, call: LeadCall) -> Receipt:
        """
        The receipt of the lead.

        Raises:
            DomainNotAllowed, InvalidJson, InvalidLead, PlanLimitReached: It is held, unless there
                is no room; of `PlanLimitReached` *is_held* says so.
            UnsupportedMediaType, InvalidIdempotencyKey, IdempotencyKeyReused, Overloaded:
                Nothing was written.
            StorageUnavailable: Not known to be written in time.
        """
        body = without_keys(call.body)
        project_id = admitted.project.project_id
        read: ReadLead | None = None
        try:
            admitted.refuse_other_pages(
                origin=call.caller.origin,
                referer=call.caller.referer,
                referer_is_ours=call.caller.referer_is_ours,
            )
            submission = Submission(
                project_id=project_id,
                request_id=call.caller.request_id,
                body=call.parse(body),
                lenient=call.lenient,
                idempotency_key=call.idempotency_key,
                sender_headers=call.sender_headers,
            )
            read = self._capture_lead.read(submission)
            return await self._capture_lead.keep(read)
        except _HELD as refusal:
            refusal.project_id = project_id
            await self._after_leads()
            await self._hold(refusal, call, body, read)
            await self._after_leads()
            raise

    async def _hold(
        self, refusal: Refusal, call: LeadCall, body: bytes, read: ReadLead | None
    ) -> None:
        try:
            is_held = await self._hold_as_read(refusal, call, body, read)
        except StorageUnavailable:
            if isinstance(refusal, PlanLimitReached):
                raise  # it may not be said to be held, nor to be lost: the caller comes again
            log.warning("held.not_held %s %s", refusal.project_id, refusal.code)
            return
        if isinstance(refusal, PlanLimitReached):
            refusal.is_held = is_held

    async def _hold_as_read(
        self, refusal: Refusal, call: LeadCall, body: bytes, read: ReadLead | None
    ) -> bool:
        """
        Whether the call is held by now: as it is read, or the body alone where nobody can read it.

        A defect of ours in what the body says costs nobody the call.
        """
        held = partial(refused_call, code=refusal.code, body=body, origin=call.caller.page)
        try:
            if read is None:
                capture = self._read(refusal, call, body)
            else:  # somebody has tried to record it
                capture = replace(read.capture, is_fresh=False)
            if capture is not None:
                return await self._hold_refused.hold(held(capture, is_read=True))
        except StorageUnavailable:
            raise
        except Exception:
            log.exception("held.defect %s %s", refusal.project_id, refusal.code)
        unread = self._to_capture(refusal, call, LeadDetails(), None)
        return await self._hold_refused.hold(held(unread, is_read=False))

    def _read(self, refusal: Refusal, call: LeadCall, body: bytes) -> Capture | None:
        """What becomes of the body; None if it says nothing that can be read."""
        if isinstance(refusal, InvalidJson):
            return None
        try:
            found = call.parse(body)
        except Refusal:  # the one that is on its way says more than this
            return None
        key = None
        with suppress(InvalidIdempotencyKey):  # then it is released without
            key = named(found, call.idempotency_key, call.sender_headers)
        details = read_lead(found, self._syntax.is_email, lenient=True).details
        return self._to_capture(refusal, call, details, key)

    def _to_capture(
        self, refusal: Refusal, call: LeadCall, details: LeadDetails, key: Idempotency | None
    ) -> Capture:
        assert refusal.project_id is not None
        return Capture(
            capture_id=call.caller.request_id,
            project_id=refusal.project_id,
            channel=REST,
            captured_at=self._clock.now(),
            request_id=call.caller.request_id,
            details=details,
            idempotency=key,
        )

    def _note(self, refusal: Refusal, code: str, caller: Caller) -> None:
        assert refusal.project_id is not None
        line = refusal_line(
            refusal.project_id,
            code,
            at=self._clock.now(),
            request_id=caller.request_id,
            origin=caller.page,
        )
        self._hold_refused.note(line)
