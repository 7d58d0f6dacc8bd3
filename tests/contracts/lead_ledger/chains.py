"""Leads that are joined one into the other are one person's, to the end of the chain."""

from collections.abc import Callable
from itertools import permutations

import pytest

from application.ports.lead_archive import LeadArchive
from application.ports.lead_ledger import LeadLedger
from domain.capture import MOST_LINKED, Capture, Kept, KeptAs
from domain.identity import Identity
from domain.project import Project
from tests.contracts.people import (
    PHONE,
    USER_ID,
    USER_NAME,
    a_link,
    a_written_message,
    people,
    the_lead,
    written,
)
from tests.contracts.recording import (
    NOBODY_KNOWN,
    UNDECIDED,
    a_batch,
    fill,
    record,
    record_one,
)
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


Shape = Callable[[Project, int], list[Capture]]
LINKS = 300
LITTLE_SECONDS = 4.0


def identity(number: int) -> Identity:
    return Identity("user_id", f"US.{number}")


def a_chain(project: Project, links: int) -> list[Capture]:
    """The first is linked to the second, which is linked to the third, and so on."""
    return [a_link(project, identity(n), identity(n + 1)) for n in range(links)]


def a_chain_of_messages(project: Project, messages: int) -> list[Capture]:
    return [a_written_message(project, identity(n), identity(n + 1)) for n in range(messages)]


def a_star(project: Project, links: int) -> list[Capture]:
    """The first is linked to each other one."""
    return [a_link(project, identity(0), identity(n + 1)) for n in range(links)]


class LongChainsContract:
    async def test_who_is_recorded_with_a_long_chain_need_not_wait_for_its_end(
        self, ledger: LeadLedger, project: Project, other_project: Project
    ) -> None:
        captures = [*a_chain(project, LINKS), a_capture(other_project)]

        *links, neighbour = await ledger.record(a_batch(captures), LITTLE_SECONDS)

        assert neighbour == Kept(1, KeptAs.NEW)
        assert {*links} <= {NOBODY_KNOWN, UNDECIDED}

    async def test_who_is_recorded_with_a_long_chain_of_messages_need_not_wait_for_its_end(
        self, ledger: LeadLedger, project: Project, other_project: Project
    ) -> None:
        neighbours = [a_capture(other_project), a_capture(project)]
        captures = [*a_chain_of_messages(project, LINKS), *neighbours]

        first, *later, other, same = await ledger.record(a_batch(captures), LITTLE_SECONDS)

        assert [first, other, same] == [
            Kept(1, KeptAs.NEW),
            Kept(1, KeptAs.NEW),
            Kept(2, KeptAs.NEW),
        ]
        assert {*later} <= {Kept(1, KeptAs.KNOWN_PERSON), UNDECIDED}

    @pytest.mark.parametrize("shape", [a_chain, a_star])
    async def test_what_is_undecided_of_many_links_is_remembered_in_the_end(
        self, ledger: LeadLedger, other_ledger: LeadLedger, project: Project, shape: Shape
    ) -> None:
        links = shape(project, LINKS)

        assert await record(ledger, *links) == [NOBODY_KNOWN] * LINKS
        assert await record(other_ledger, *links) == [NOBODY_KNOWN] * LINKS

    async def test_the_ends_of_a_chain_that_no_person_has_are_two_persons(
        self, ledger: LeadLedger, project: Project
    ) -> None:
        await record(ledger, *a_chain(project, LINKS))

        outcomes = await record(
            ledger, *(a_written_message(project, identity(number)) for number in (0, LINKS))
        )

        assert outcomes == [Kept(1, KeptAs.NEW), Kept(2, KeptAs.NEW)]

    async def test_as_many_as_may_be_linked_are_one_person(
        self, ledger: LeadLedger, project: Project
    ) -> None:
        await record(ledger, *a_chain(project, MOST_LINKED - 1))

        outcomes = [
            await record_one(ledger, a_written_message(project, identity(number)))
            for number in (0, MOST_LINKED - 1, MOST_LINKED // 2)
        ]

        assert outcomes == [Kept(1, KeptAs.NEW)] + [Kept(1, KeptAs.KNOWN_PERSON)] * 2

    async def test_each_identity_of_a_capture_is_followed_by_itself(
        self, ledger: LeadLedger, project: Project
    ) -> None:
        chain = a_chain(project, MOST_LINKED + 1)
        half = len(chain) // 2
        await record(ledger, *chain[:half], *chain[half + 1 :])
        between = map(identity, (half, half + 1))

        outcomes = [
            await record_one(ledger, a_written_message(project, *names))
            for names in (tuple(between), (identity(0),), (identity(len(chain)),))
        ]

        assert outcomes == [Kept(1, KeptAs.NEW)] + [Kept(1, KeptAs.KNOWN_PERSON)] * 2

    @pytest.mark.parametrize("shape", [a_chain, a_star])
    async def test_more_than_may_be_linked_are_no_person_but_can_be_told_of(
        self, ledger: LeadLedger, project: Project, shape: Shape
    ) -> None:
        await record(ledger, *shape(project, MOST_LINKED))

        outcomes = [
            await record_one(ledger, a_written_message(project, *map(identity, numbers)))
            for numbers in ((0,), (MOST_LINKED,), (2,), (0, MOST_LINKED))
        ]

        assert outcomes == [Kept(n, KeptAs.NEW) for n in (1, 2, 3)] + [Kept(1, KeptAs.KNOWN_PERSON)]

    async def test_a_long_chain_of_messages_is_one_person(
        self, ledger: LeadLedger, project: Project
    ) -> None:
        messages = a_chain_of_messages(project, 2 * MOST_LINKED)

        outcomes = await record(ledger, *messages)

        known = [Kept(1, KeptAs.KNOWN_PERSON)] * (len(messages) - 1)
        assert outcomes == [Kept(1, KeptAs.NEW), *known]
