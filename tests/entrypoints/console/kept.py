"""Leads that were kept before a test looks at them."""

from collections.abc import Mapping
from typing import Any

from domain.capture import Batch
from domain.lead import LeadDetails
from domain.plan import Month
from tests.support.builders import NOW, a_capture, a_project
from tests.support.stores import Account, Store


def keep(store: Store, account: Account, *leads: Mapping[str, Any]) -> None:
    """
    Keep *leads* in one write, as if they had just come in.

    Each has the members of a capture, as far as they matter; `details` are those of a lead.
    """
    project = a_project(project_id=account.project_id)
    captures = [
        a_capture(project, **{**lead, "details": LeadDetails(**lead.get("details", {}))})
        for lead in leads
    ]
    batch = Batch(Month.of(NOW), captures, {account.project_id: None})
    store.use(lambda c: c.ledger().record(batch, 60.0))
