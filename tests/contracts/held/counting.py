"""
What every `HeldLedger` does with what comes again while it waits: it is held once, and counted.

A class of its own, for mongomock cannot follow. Provide what `HeldLedgerContract` asks for.
"""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from application.ports.held_archive import HeldArchive
from application.ports.held_ledger import HeldLedger
from domain.held import RATE_LIMITED, UNREADABLE, CannotBeHeld, HeldCall
from domain.project import Project
from tests.contracts.held.holding import TwoProjects, held_by, with_code
from tests.support.builders import a_held_call

AT_THE_SAME_TIME = 20


def again(call: HeldCall, *, after_seconds: float = 1, **fields: Any) -> HeldCall:
    """The same call, sent again under a number of its own."""
    sent = {
        "held_id": f"{call.held_id}/{after_seconds}",
        "request_id": f"{call.request_id}/{after_seconds}",
        "at": call.at + timedelta(seconds=after_seconds),
        "body": f"{call.body} ",
    }
    return replace(call, **sent | fields)


def counted(call: HeldCall, times: int, *, after_seconds: float) -> HeldCall:
    """*call* as it waits when it was sent so often, the last time so long after the first."""
    return replace(call, times=times, last_at=call.at + timedelta(seconds=after_seconds))


class CountingContract(TwoProjects):
    async def test_what_is_new_is_held_as_it_came(
        self,
        held_ledger: HeldLedger,
        held_archive: HeldArchive,
        project: Project,
        other_project: Project,
    ) -> None:
        calls = [
            a_held_call(project),
            a_held_call(project, origin="https://a.example", body="\ufffd", body_base64="/w=="),
            counted(a_held_call(project), 7, after_seconds=60),
            a_held_call(project, code=RATE_LIMITED, body="", capture=None),
        ]
        same_name = a_held_call(other_project, held_id=calls[0].held_id, once=calls[0].once)

        held = await held_ledger.hold_or_count([*calls, same_name])

        assert held == {call.held_id for call in calls}
        assert await held_by(held_archive, project) == calls
        assert await held_by(held_archive, other_project) == [same_name]

    async def test_what_comes_again_is_counted_with_the_one_that_waits(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project
    ) -> None:
        first, other = a_held_call(project), a_held_call(project)
        await held_ledger.hold_or_count([first, other])

        await held_ledger.hold_or_count([again(first, after_seconds=2)])
        await held_ledger.hold_or_count([counted(again(first), 3, after_seconds=8)])

        assert await held_by(held_archive, project) == [
            counted(first, 5, after_seconds=9),
            other,
        ]

    async def test_what_came_earlier_and_is_counted_later_leaves_the_last_moment(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project
    ) -> None:
        first = a_held_call(project)
        await held_ledger.hold_or_count([first])

        await held_ledger.hold_or_count([again(first, after_seconds=-5)])
        assert await held_by(held_archive, project) == [counted(first, 2, after_seconds=0)]
        await held_ledger.hold_or_count([again(first, after_seconds=5)])
        await held_ledger.hold_or_count([again(first, after_seconds=4)])

        assert await held_by(held_archive, project) == [counted(first, 4, after_seconds=5)]

    async def test_what_comes_often_in_one_go_is_held_once_and_counted(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project
    ) -> None:
        first, other = a_held_call(project), a_held_call(project)
        later = [again(first, after_seconds=number) for number in range(1, 10)]

        await held_ledger.hold_or_count([first, *later, other])

        (held, neighbour) = await held_by(held_archive, project)
        assert (held.once, held.times) == (first.once, 10)
        assert held.last_at == later[-1].at
        assert neighbour == other

    async def test_what_was_held_without_counting_is_counted_from_then_on(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project
    ) -> None:
        first = a_held_call(project)
        await held_ledger.hold([first])
        await held_ledger.hold_or_count([again(first, after_seconds=2)])

        await held_ledger.hold([again(first, after_seconds=3)])

        assert await held_by(held_archive, project) == [counted(first, 2, after_seconds=2)]

    @pytest.mark.parametrize("very_same", [False, True])
    async def test_of_concurrent_calls_over_two_ledgers_one_is_held_and_all_are_counted(
        self,
        held_ledger: HeldLedger,
        other_held_ledger: HeldLedger,
        held_archive: HeldArchive,
        project: Project,
        very_same: bool,
    ) -> None:
        first = [a_held_call(project) for _ in range(10)]

        await asyncio.gather(
            *(
                (held_ledger, other_held_ledger)[n % 2].hold_or_count(
                    [again(call, after_seconds=0 if very_same else n) for call in first]
                )
                for n in range(AT_THE_SAME_TIME)
            )
        )

        held = await held_by(held_archive, project)
        assert [call.once for call in held] == [call.once for call in first]
        assert {call.times for call in held} == {AT_THE_SAME_TIME}
        last = 0 if very_same else AT_THE_SAME_TIME - 1
        assert {call.last_at for call in held} == {first[0].at + timedelta(seconds=last)}

    async def test_what_was_moved_is_counted_where_it_is(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project
    ) -> None:
        first = a_held_call(project)
        await held_ledger.hold_or_count([first])
        await held_ledger.move(project.project_id, [first.held_id], UNREADABLE)

        await held_ledger.hold_or_count([again(first)])

        moved = with_code(counted(first, 2, after_seconds=1), UNREADABLE)
        assert await held_by(held_archive, project) == [moved]

    async def test_what_was_removed_is_held_anew(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project
    ) -> None:
        first = a_held_call(project)
        await held_ledger.hold_or_count([first, again(first)])
        await held_ledger.remove(project.project_id, [first.held_id])

        await held_ledger.hold_or_count([again(first)])

        assert await held_by(held_archive, project) == [again(first)]

    async def test_a_number_that_something_else_is_held_under_is_left_out_alone(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project
    ) -> None:
        calls = [a_held_call(project) for _ in range(2)]
        await held_ledger.hold_or_count([calls[0]])
        same_number = a_held_call(project, held_id=calls[0].held_id)

        await held_ledger.hold_or_count([same_number, calls[1]])

        assert await held_by(held_archive, project) == calls

    async def test_where_there_is_no_room_what_waits_is_counted_and_nothing_is_held_anew(
        self,
        held_ledger: HeldLedger,
        held_archive: HeldArchive,
        project: Project,
        other_project: Project,
    ) -> None:
        first, other = a_held_call(project), a_held_call(other_project)
        await held_ledger.hold([first, other])
        calls = [
            again(first, after_seconds=2),
            counted(again(first), 3, after_seconds=8),
            a_held_call(project),
            a_held_call(project, once=other.once),
        ]

        held = await held_ledger.hold_or_count(calls, has_room=False)

        assert held == {call.held_id for call in calls[:2]}
        assert await held_ledger.hold_or_count([], has_room=False) == set()
        assert await held_by(held_archive, project) == [counted(first, 5, after_seconds=9)]
        assert await held_by(held_archive, other_project) == [other]

    async def test_nothing_to_hold_or_count_is_no_error(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project
    ) -> None:
        await held_ledger.hold_or_count([])

        assert await held_by(held_archive, project) == []

    @pytest.mark.parametrize("where", ["body", "origin", "once"])
    async def test_a_call_that_no_store_can_hold_is_named_and_its_neighbours_are_counted(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project, where: str
    ) -> None:
        half_a_pair = "\ud800"
        calls = [a_held_call(project) for _ in range(3)]
        calls[1] = replace(calls[1], **{where: half_a_pair})

        with pytest.raises(CannotBeHeld) as refused:
            await held_ledger.hold_or_count([*calls, again(calls[0])])

        assert refused.value.held_ids == [calls[1].held_id]
        assert await held_by(held_archive, project) == [
            counted(calls[0], 2, after_seconds=1),
            calls[2],
        ]
