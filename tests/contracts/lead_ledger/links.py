"""Identities that were told to be one person's are remembered, also while nobody is known."""

import asyncio
from itertools import permutations
from typing import Any

import pytest

from application.ports.lead_archive import LeadArchive
from application.ports.lead_ledger import LeadLedger
from domain.capture import Capture, Kept, KeptAs
from domain.project import Project
from tests.contracts.people import (
    OTHER_PHONE,
    PHONE,
    USER_ID,
    USER_NAME,
    a_link,
    a_written_message,
    people,
)
from tests.contracts.recording import (
    NOBODY_KNOWN,
    NOVEMBER,
    PLAN_FULL,
    leads_of,
    record,
    record_one,
)
from tests.support.builders import a_capture

ORDERS = list(permutations(("link", "old", "new")))


def events(project: Project) -> dict[str, Capture]:
    """A person's number changed; messages come from the old and from the new one."""
    return {
        "link": a_link(project, PHONE, OTHER_PHONE),
        "old": a_written_message(project, PHONE, message_id="old"),
        "new": a_written_message(project, OTHER_PHONE, message_id="new"),
    }


class LinksContract:
    @pytest.mark.parametrize("order", ORDERS, ids=", ".join)
    @pytest.mark.parametrize("at_once", [True, False])
    async def test_in_whichever_order_a_link_comes_its_identities_are_one_person(
        self,
        ledger: LeadLedger,
        other_ledger: LeadLedger,
        archive: LeadArchive,
        project: Project,
        order: tuple[str, ...],
        at_once: bool,
    ) -> None:
        known = events(project)
        captures = [known[name] for name in order]

        if at_once:
            outcomes = await record(ledger, *captures)
        else:
            outcomes = [
                await record_one(one, capture)
                for one, capture in zip((ledger, other_ledger, ledger), captures, strict=True)
            ]

        assert (outcomes[0] == NOBODY_KNOWN) == (order[0] == "link")
        assert outcomes[2] == Kept(1, KeptAs.KNOWN_PERSON)
        assert await people(archive, project) == [{"old", "new"}]
        opened = 2 if order[2] == "link" else 1
        assert await archive.places_taken(project.project_id, NOVEMBER) == opened

    @pytest.mark.parametrize("order", ORDERS, ids=", ".join)
    async def test_however_concurrently_a_link_comes_its_identities_are_one_person(
        self,
        ledger: LeadLedger,
        other_ledger: LeadLedger,
        archive: LeadArchive,
        project: Project,
        order: tuple[str, ...],
    ) -> None:
        known = events(project)

        await asyncio.gather(
            *(
                record_one(one, known[name])
                for turn, name in enumerate(order)
                for one in ((ledger, other_ledger), (other_ledger, ledger))[turn % 2]
            )
        )

        assert await people(archive, project) == [{"old", "new"}]

    async def test_a_link_makes_no_lead(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        links = [a_link(project, PHONE, USER_ID, **more) for more in ({}, {"counts": False})]

        assert await record(ledger, *links, *links) == [NOBODY_KNOWN] * 4
        assert await leads_of(archive, project) == []

    async def test_links_are_followed_to_their_end(
        self, ledger: LeadLedger, other_ledger: LeadLedger, project: Project
    ) -> None:
        links = [(PHONE, USER_ID), (USER_NAME, OTHER_PHONE), (USER_ID, USER_NAME)]
        for names in links:
            assert await record_one(other_ledger, a_link(project, *names)) == NOBODY_KNOWN

        outcomes = [
            await record_one(ledger, a_written_message(project, one))
            for one in (OTHER_PHONE, USER_ID, PHONE, USER_NAME)
        ]

        assert outcomes == [Kept(1, KeptAs.NEW)] + [Kept(1, KeptAs.KNOWN_PERSON)] * 3

    async def test_a_link_between_two_persons_joins_their_leads(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        await record(ledger, *(a_written_message(project, one) for one in (PHONE, USER_ID)))
        await record_one(ledger, a_link(project, OTHER_PHONE, USER_NAME))

        joined = await record_one(ledger, a_link(project, OTHER_PHONE, USER_ID, PHONE))
        later = await record_one(ledger, a_written_message(project, USER_NAME))

        assert [joined, later] == [Kept(1, KeptAs.KNOWN_PERSON)] * 2
        assert len(await leads_of(archive, project)) == 1

    async def test_a_link_joins_persons_who_are_known_by_what_else_was_linked(
        self, ledger: LeadLedger, project: Project
    ) -> None:
        for names in ((PHONE, USER_ID), (OTHER_PHONE, USER_NAME)):
            await record_one(ledger, a_link(project, *names))
        await record(ledger, *(a_written_message(project, one) for one in (PHONE, OTHER_PHONE)))

        joined = await record_one(ledger, a_link(project, USER_ID, USER_NAME))
        later = await record_one(ledger, a_written_message(project, OTHER_PHONE))

        assert [joined, later] == [Kept(1, KeptAs.KNOWN_PERSON)] * 2

    async def test_a_link_is_one_projects_and_channels(
        self, ledger: LeadLedger, project: Project, other_project: Project
    ) -> None:
        await record_one(ledger, a_link(project, PHONE, USER_ID))
        places: list[tuple[Project, dict[str, Any]]] = [
            (project, {"channel": "telegram"}),
            (other_project, {}),
        ]

        outcomes = [
            await record_one(ledger, a_written_message(which, one, **more))
            for which, more in places
            for one in (PHONE, USER_ID)
        ]

        assert outcomes == [Kept(number, KeptAs.NEW) for number in (1, 2, 1, 2)]

    async def test_a_link_is_remembered_in_a_full_month(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        link, old, new = events(project).values()

        assert await record(ledger, old, link, new, limit=0) == [PLAN_FULL, NOBODY_KNOWN, PLAN_FULL]
        assert await record(ledger, old, new, limit=1) == [
            Kept(1, KeptAs.NEW),
            Kept(1, KeptAs.KNOWN_PERSON),
        ]
        assert await people(archive, project) == [{"old", "new"}]

    async def test_who_comes_after_a_link_in_a_batch_is_not_overtaken_by_others(
        self, ledger: LeadLedger, project: Project
    ) -> None:
        link, old, new = events(project).values()

        outcomes = await record(ledger, link, old, a_capture(project), new, limit=1)

        assert outcomes == [
            NOBODY_KNOWN,
            Kept(1, KeptAs.NEW),
            PLAN_FULL,
            Kept(1, KeptAs.KNOWN_PERSON),
        ]

    async def test_a_known_message_of_nobody_known_links_its_identities(
        self, ledger: LeadLedger, project: Project
    ) -> None:
        await record_one(ledger, a_written_message(project, PHONE, message_id="m1"))
        same_id = a_written_message(project, USER_ID, USER_NAME, message_id="m1")

        outcomes = [await record_one(ledger, same_id) for _ in range(2)]
        later = [
            await record_one(ledger, a_written_message(project, one))
            for one in (USER_ID, USER_NAME)
        ]

        assert outcomes == [Kept(1, KeptAs.KNOWN_MESSAGE)] * 2
        assert later == [Kept(2, KeptAs.NEW), Kept(2, KeptAs.KNOWN_PERSON)]
