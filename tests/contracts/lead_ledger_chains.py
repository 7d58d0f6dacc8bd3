"""Leads that are joined one into the other are one person's, to the end of the chain."""

from itertools import permutations

import pytest

from application.ports.lead_archive import LeadArchive
from application.ports.lead_ledger import LeadLedger
from domain.capture import Kept, KeptAs
from domain.project import Project
from tests.contracts.people import (
    PHONE,
    USER_ID,
    USER_NAME,
    a_written_message,
    people,
    the_lead,
    written,
)
from tests.contracts.recording import fill, record, record_one
from tests.support.builders import a_capture

CHAIN = [(PHONE,), (USER_ID,), (USER_NAME,), (USER_NAME, USER_ID), (USER_ID, PHONE)]


class ChainsContract:
    @pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
    async def test_joins_of_joins_end_at_the_earliest_lead(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project, order: tuple[int, ...]
    ) -> None:
        captures = written(project, *CHAIN, (PHONE, USER_NAME))
        alone, joining = captures[:3], captures[3:]
        await record(ledger, *alone)

        for number in order:
            last = await record_one(ledger, joining[number])

        assert last == Kept(1, KeptAs.KNOWN_PERSON)
        assert [(await the_lead(archive, project, n)).joined_into for n in (1, 2, 3)] == [
            None,
            1,
            1,
        ]
        assert await people(archive, project) == [{f"m{n}" for n in range(6)}]

    async def test_a_chain_is_followed_to_its_end(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        captures = written(project, *CHAIN)

        outcomes = [await record_one(ledger, capture) for capture in captures]
        late = await record_one(ledger, a_written_message(project, USER_NAME, message_id="m5"))

        assert outcomes[3:] == [Kept(2, KeptAs.KNOWN_PERSON), Kept(1, KeptAs.KNOWN_PERSON)]
        assert late == Kept(1, KeptAs.KNOWN_PERSON)
        assert (await the_lead(archive, project, 3)).joined_into == 1
        assert await people(archive, project) == [{f"m{n}" for n in range(6)}]

    async def test_what_is_recorded_again_is_answered_with_the_earlier_lead_and_changes_nothing(
        self, ledger: LeadLedger, other_ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        captures = written(project, *CHAIN)
        await record(ledger, *captures)
        before = [await the_lead(archive, project, number) for number in (1, 2, 3)]

        same = await record(other_ledger, *captures)
        redelivered = await record(other_ledger, *written(project, *CHAIN))

        assert same == [Kept(1, KeptAs.NEW)] * 3 + [Kept(1, KeptAs.KNOWN_MESSAGE)] * 2
        assert redelivered == [Kept(1, KeptAs.KNOWN_MESSAGE)] * 5
        assert [await the_lead(archive, project, number) for number in (1, 2, 3)] == before

    async def test_a_lead_of_nobody_is_joined_with_none(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        await fill(ledger, project, 2)

        await record(ledger, *written(project, *CHAIN), a_capture(project))

        leads = [await the_lead(archive, project, number) for number in range(1, 7)]
        assert [lead.joined_into for lead in leads] == [None, None, None, 3, 3, None]
