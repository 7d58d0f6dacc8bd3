"""Very many identities that are told to be one person's, and who is recorded with them."""

from collections.abc import Callable

import pytest

from application.ports.lead_ledger import LeadLedger
from domain.capture import MOST_LINKED, Capture, Kept, KeptAs
from domain.identity import Identity
from domain.project import Project
from tests.contracts.people import a_link, a_written_message
from tests.contracts.recording import (
    NOBODY_KNOWN,
    UNDECIDED,
    a_batch,
    record,
    record_one,
)
from tests.support.builders import a_capture

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
