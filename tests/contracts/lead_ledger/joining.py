"""Two leads that turn out to be one person's are joined: the later points to the earlier."""

import asyncio
from itertools import permutations

import pytest

from application.ports.lead_archive import LeadArchive
from application.ports.lead_ledger import LeadLedger
from domain.capture import Kept, KeptAs
from domain.project import Project
from tests.contracts.people import (
    OTHER_PHONE,
    PHONE,
    USER_ID,
    USER_NAME,
    a_written_message,
    message_ids,
    people,
    the_lead,
    written,
)
from tests.contracts.recording import NOVEMBER, PLAN_FULL, fill, record, record_one

MESSAGES = {"phone": (PHONE,), "user id": (USER_ID,), "both": (USER_ID, PHONE)}
ORDERS = list(permutations(MESSAGES))


class JoiningContract:
    async def test_a_later_lead_points_to_the_earlier_one_and_keeps_what_it_has(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        outcomes = [
            await record_one(ledger, capture)
            for capture in written(project, *MESSAGES.values(), (USER_ID,), (PHONE,))
        ]

        assert outcomes[:2] == [Kept(1, KeptAs.NEW), Kept(2, KeptAs.NEW)]
        assert outcomes[2:] == [Kept(1, KeptAs.KNOWN_PERSON)] * 3
        joined = await the_lead(archive, project, 2)
        assert joined.joined_into == 1
        assert [message.message_id for message in joined.messages] == ["m1"]
        assert await message_ids(archive, project, 1) == ["m0", "m1", "m2", "m3", "m4"]
        assert await archive.places_taken(project.project_id, NOVEMBER) == 2

    @pytest.mark.parametrize("order", ORDERS, ids=", ".join)
    @pytest.mark.parametrize("at_once", [True, False])
    async def test_in_whichever_order_messages_come_they_are_one_person(
        self,
        ledger: LeadLedger,
        other_ledger: LeadLedger,
        archive: LeadArchive,
        project: Project,
        order: tuple[str, ...],
        at_once: bool,
    ) -> None:
        captures = written(project, *(MESSAGES[name] for name in order))

        if at_once:
            outcomes = await record(ledger, *captures)
        else:
            outcomes = [
                await record_one(one, capture)
                for one, capture in zip((ledger, other_ledger, ledger), captures, strict=True)
            ]

        assert outcomes[0] == Kept(1, KeptAs.NEW)
        assert outcomes[2] == Kept(1, KeptAs.KNOWN_PERSON)
        assert await people(archive, project) == [{"m0", "m1", "m2"}]

    @pytest.mark.parametrize("order", ORDERS, ids=", ".join)
    async def test_however_concurrently_messages_come_they_are_one_person(
        self,
        ledger: LeadLedger,
        other_ledger: LeadLedger,
        archive: LeadArchive,
        project: Project,
        order: tuple[str, ...],
    ) -> None:
        captures = written(project, *(MESSAGES[name] for name in order))

        await asyncio.gather(
            *(record_one(one, c) for c in captures for one in (ledger, other_ledger))
        )

        assert await people(archive, project) == [{"m0", "m1", "m2"}]

    async def test_one_capture_may_join_many_leads(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        alone = [(PHONE,), (USER_ID,), (OTHER_PHONE,), (USER_NAME,)]
        everybody = (USER_NAME, OTHER_PHONE, USER_ID, PHONE)

        outcomes = await record(ledger, *written(project, *alone, everybody))

        assert outcomes[4] == Kept(1, KeptAs.KNOWN_PERSON)
        assert await people(archive, project) == [{"m0", "m1", "m2", "m3", "m4"}]

    async def test_in_a_batch_what_comes_after_a_join_belongs_to_the_earlier_lead(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        await record(ledger, *written(project, (PHONE,), (USER_ID,)))
        names = [(USER_ID,), (USER_ID, PHONE), (USER_ID,)]

        outcomes = await record(ledger, *(a_written_message(project, *n) for n in names))

        assert outcomes == [Kept(number, KeptAs.KNOWN_PERSON) for number in (2, 1, 1)]
        assert len(await message_ids(archive, project, 1)) == 5
        assert len(await message_ids(archive, project, 2)) == 2

    async def test_a_known_message_tells_whose_it_is(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        await record(ledger, *written(project, (PHONE,), (USER_ID,)))

        again = await record_one(
            ledger, a_written_message(project, PHONE, USER_ID, USER_NAME, message_id="m0")
        )
        later = await record_one(ledger, a_written_message(project, USER_NAME, message_id="m2"))

        assert again == Kept(1, KeptAs.KNOWN_MESSAGE)
        assert later == Kept(1, KeptAs.KNOWN_PERSON)
        assert await people(archive, project) == [{"m0", "m1", "m2"}]

    async def test_leads_are_joined_in_a_full_month_and_give_no_place_back(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        await record(ledger, *written(project, (PHONE,), (USER_ID,)), limit=2)

        outcomes = await record(
            ledger,
            a_written_message(project, USER_ID, PHONE, USER_NAME),
            a_written_message(project, USER_NAME),
            a_written_message(project, OTHER_PHONE),
            limit=2,
        )

        assert outcomes == [Kept(1, KeptAs.KNOWN_PERSON)] * 2 + [PLAN_FULL]
        assert await archive.places_taken(project.project_id, NOVEMBER) == 2
        assert await fill(ledger, project, 1, limit=2) == [PLAN_FULL]

    async def test_what_was_refused_for_the_plan_tells_nothing(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        refused = await record_one(ledger, a_written_message(project, PHONE, USER_ID), limit=0)
        outcomes = await record(ledger, *written(project, (PHONE,), (USER_ID,)))

        assert refused == PLAN_FULL
        assert outcomes == [Kept(1, KeptAs.NEW), Kept(2, KeptAs.NEW)]
        assert await people(archive, project) == [{"m0"}, {"m1"}]

    async def test_leads_are_joined_within_their_project_and_channel(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project, other_project: Project
    ) -> None:
        places = [(project, "whatsapp"), (project, "telegram"), (other_project, "whatsapp")]
        apart = [
            a_written_message(which, one, channel=channel)
            for which, channel in places
            for one in (PHONE, USER_ID)
        ]
        await record(ledger, *apart)

        joined = await record_one(ledger, a_written_message(project, USER_ID, PHONE))

        assert joined == Kept(1, KeptAs.KNOWN_PERSON)
        assert len(await people(archive, project)) == 3
        assert len(await people(archive, other_project)) == 2
