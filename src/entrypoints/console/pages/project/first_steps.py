"""The first lead of a project: by a form, or by a line for a terminal."""

from collections.abc import Mapping

import orjson
from sanic import HTTPResponse

from application.capture.capture_lead import CaptureLead, Submission
from application.keys.create import CreateKey
from application.ports.lead_archive import LeadArchive
from domain.api_key import without_keys
from domain.lead_body.reading import BODY
from domain.refusals import (
    IdempotencyKeyReused,
    InvalidLead,
    Overloaded,
    PlanLimitReached,
    Refusal,
)
from entrypoints.console import words
from entrypoints.console.frame.forms import ONCE, Form, new_once
from entrypoints.console.frame.visit import Visit
from entrypoints.console.lines import PLACEHOLDER, for_terminal
from entrypoints.console.pages.leads.leads import few_newest
from entrypoints.http.body.json_object import parse_object

FIELDS = ("name", "email", "phone", "message")
SEND = "send"
"""Where a sentence stands that is about no field of its own."""
KEY_LABEL = "First steps"


class FirstStepsPage:
    """Make the first lead, and see it arrive."""

    def __init__(
        self, archive: LeadArchive, capture_lead: CaptureLead, create_key: CreateKey
    ) -> None:
        self._archive = archive
        self._capture_lead = capture_lead
        self._create_key = create_key

    async def show(self, visit: Visit) -> HTTPResponse:
        """The form, the line, and the newest leads."""
        return await self._page(visit)

    async def make_key(self, visit: Visit) -> HTTPResponse:
        """A key of the page's own in the line, shown once."""
        project_id = visit.project.project_id
        seed = visit.seed(project_id, KEY_LABEL)
        made = await self._create_key(project_id, label=KEY_LABEL, seed=seed)
        if made.kept.revoked_at is not None:
            return visit.done(_path_of(visit), "key-revoked-since")
        return await self._page(visit, key=made.secret)

    async def capture(self, visit: Visit) -> HTTPResponse:
        """
        Make a lead of the form, as the lead path does of a call.

        What is refused is not held: who filled the form in sees why, and sends it again.
        """
        once = visit.form.text(ONCE)
        if not any(visit.form.text(name).strip() for name in FIELDS):
            form = visit.form.with_errors(name=words.NOTHING_TYPED)
            return await self._page(visit, form, once=once)
        try:
            receipt = await self._capture_lead(_submission(visit, once))
        except (InvalidLead, IdempotencyKeyReused, PlanLimitReached, Overloaded) as refused:
            form = visit.form.with_errors(**_sentences(refused))
            once = "" if isinstance(refused, IdempotencyKeyReused) else once
            return await self._page(visit, form, refused=refused, once=once)
        visit.request.ctx.lead_id = receipt.lead_id
        return visit.done(_path_of(visit), "lead-captured")

    async def _page(
        self,
        visit: Visit,
        form: Form | None = None,
        *,
        refused: Refusal | None = None,
        once: str = "",
        key: str | None = None,
    ) -> HTTPResponse:
        return visit.page(
            "first_steps.html",
            form=form,
            refused=refused,
            once=once or new_once(),
            key=key,
            curl=for_terminal(visit.lead_url, key or PLACEHOLDER),
            rows=await few_newest(self._archive, visit),
        )


def _path_of(visit: Visit) -> str:
    return f"/projects/{visit.project.project_id}/first-steps"


def _submission(visit: Visit, once: str) -> Submission:
    typed = {name: visit.form.text(name) for name in FIELDS}
    # A key of ours that somebody pasted is replaced here as it is on the lead path.
    body = without_keys(orjson.dumps({name: text for name, text in typed.items() if text.strip()}))
    return Submission(
        project_id=visit.project.project_id,
        request_id=str(visit.request.id),
        body=parse_object(body),
        idempotency_key=once,
    )


def _sentences(refused: Refusal) -> Mapping[str, str]:
    """What to do about it, by the field; what is about none stands at the button."""
    if isinstance(refused, InvalidLead):
        return {
            SEND if error.field == BODY else error.field: words.wrong_field(error)
            for error in refused.errors
        }
    return {SEND: words.NO_LEAD_MADE.get(refused.code, refused.message)}
