"""
What every `HeldLedger` does.

Subclass and provide `held_ledger`, `held_archive` and `projects` over one empty store and,
over the same store as another process would have it, `other_held_ledger`.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from application.ports.held_archive import HeldArchive
from application.ports.held_ledger import HeldLedger
from domain.held import UNREADABLE
from domain.held import UNREADABLE as MOVED_TO
from domain.project import Project
from tests.contracts.held.held_ledger_content import ContentContract
from tests.contracts.held.held_ledger_pruning import PruningContract
from tests.contracts.held.holding import TwoProjects, held_by, with_code
from tests.support.builders import a_held_call


class OnceContract(TwoProjects):
    async def test_what_comes_again_is_held_as_it_came_first(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project
    ) -> None:
        first, new = a_held_call(project), a_held_call(project)
        again = a_held_call(project, once=first.once, code=UNREADABLE, capture=None)
        await held_ledger.hold([first])

        await held_ledger.hold([again, new])

        assert await held_by(held_archive, project) == [first, new]

    async def test_to_hold_the_very_same_calls_again_is_harmless(
        self,
        held_ledger: HeldLedger,
        other_held_ledger: HeldLedger,
        held_archive: HeldArchive,
        project: Project,
    ) -> None:
        calls = [a_held_call(project) for _ in range(3)]
        await held_ledger.hold(calls[:2])

        await held_ledger.hold(calls)
        await other_held_ledger.hold(calls)

        assert await held_by(held_archive, project) == calls

    async def test_what_comes_twice_in_one_go_is_held_once(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project
    ) -> None:
        one, other = a_held_call(project), a_held_call(project)

        await held_ledger.hold([one, a_held_call(project, once=one.once), other])

        held = await held_by(held_archive, project)
        assert [call.once for call in held] == [one.once, other.once]

    async def test_of_concurrent_calls_over_two_ledgers_one_is_held(
        self,
        held_ledger: HeldLedger,
        other_held_ledger: HeldLedger,
        held_archive: HeldArchive,
        project: Project,
    ) -> None:
        names = [f"once {number}" for number in range(20)]

        await asyncio.gather(
            *(
                one.hold([a_held_call(project, once=name) for name in names])
                for _ in range(5)
                for one in (held_ledger, other_held_ledger)
            )
        )

        held = await held_by(held_archive, project)
        assert sorted(call.once for call in held) == sorted(names)

    async def test_each_project_holds_its_own(
        self,
        held_ledger: HeldLedger,
        held_archive: HeldArchive,
        project: Project,
        other_project: Project,
    ) -> None:
        one = a_held_call(project)
        same_names = a_held_call(other_project, held_id=one.held_id, once=one.once)

        await held_ledger.hold([one, same_names])

        assert await held_by(held_archive, project) == [one]
        assert await held_by(held_archive, other_project) == [same_names]

    async def test_what_was_moved_is_still_held_once(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project
    ) -> None:
        call = a_held_call(project)
        await held_ledger.hold([call])
        await held_ledger.move(project.project_id, [call.held_id], UNREADABLE)

        await held_ledger.hold([call, a_held_call(project, once=call.once)])

        assert await held_by(held_archive, project) == [replace(call, code=UNREADABLE)]

    async def test_what_was_removed_may_be_held_again(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project
    ) -> None:
        call = a_held_call(project)
        await held_ledger.hold([call])
        await held_ledger.remove(project.project_id, [call.held_id])

        await held_ledger.hold([call])

        assert await held_by(held_archive, project) == [call]


UNKNOWN: Sequence[str] = ("held_of_nobody", "", "$where", "' OR 1=1 --")


class HeldLedgerContract(ContentContract, OnceContract, PruningContract):
    async def test_a_thousand_calls_of_several_projects_are_held_at_once(
        self,
        held_ledger: HeldLedger,
        held_archive: HeldArchive,
        project: Project,
        other_project: Project,
    ) -> None:
        calls = [a_held_call((project, other_project)[number % 2]) for number in range(self.many)]

        await held_ledger.hold(calls)

        assert await held_by(held_archive, project) == calls[::2]
        assert await held_by(held_archive, other_project) == calls[1::2]

    async def test_nothing_to_hold_is_no_error(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project
    ) -> None:
        await held_ledger.hold([])

        assert await held_by(held_archive, project) == []

    async def test_what_is_moved_is_held_for_another_reason_and_else_as_it_was(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project
    ) -> None:
        calls = [a_held_call(project) for _ in range(4)]
        await held_ledger.hold(calls)

        await held_ledger.move(project.project_id, [calls[1].held_id, calls[3].held_id], MOVED_TO)

        moved = [c.code == MOVED_TO for c in await held_by(held_archive, project)]
        assert moved == [False, True, False, True]
        assert await held_by(held_archive, project, code=calls[0].code) == [calls[0], calls[2]]
        assert [with_code(c, calls[0].code) for c in await held_by(held_archive, project)] == calls

    async def test_what_is_removed_is_held_no_longer(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project
    ) -> None:
        calls = [a_held_call(project) for _ in range(4)]
        await held_ledger.hold(calls)

        await held_ledger.remove(project.project_id, [calls[0].held_id, calls[2].held_id])

        assert await held_by(held_archive, project) == [calls[1], calls[3]]

    async def test_any_number_may_be_moved_and_removed_in_one_go(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project
    ) -> None:
        calls = [a_held_call(project) for _ in range(self.many)]
        names = [call.held_id for call in calls]
        await held_ledger.hold(calls)

        await held_ledger.move(project.project_id, names, MOVED_TO)
        assert len(await held_by(held_archive, project, code=MOVED_TO)) == self.many
        await held_ledger.remove(project.project_id, names)

        assert await held_by(held_archive, project) == []

    async def test_an_id_that_is_not_held_is_no_error_and_keeps_no_other_from_its_turn(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project
    ) -> None:
        calls = [a_held_call(project) for _ in range(3)]
        await held_ledger.hold(calls)

        for names in ([], UNKNOWN, [*UNKNOWN, calls[1].held_id, calls[1].held_id]):
            await held_ledger.move(project.project_id, names, MOVED_TO)
        assert await held_by(held_archive, project, code=MOVED_TO) == [
            with_code(calls[1], MOVED_TO)
        ]
        for names in ([], UNKNOWN, [*UNKNOWN, calls[1].held_id, calls[1].held_id]):
            await held_ledger.remove(project.project_id, names)

        assert await held_by(held_archive, project) == [calls[0], calls[2]]

    async def test_a_project_moves_and_removes_its_own_alone(
        self,
        held_ledger: HeldLedger,
        held_archive: HeldArchive,
        project: Project,
        other_project: Project,
    ) -> None:
        one = a_held_call(project)
        same_name = a_held_call(other_project, held_id=one.held_id, once=one.once)
        await held_ledger.hold([one, same_name])

        await held_ledger.move(project.project_id, [one.held_id], MOVED_TO)
        await held_ledger.remove(project.project_id, [one.held_id])

        assert await held_by(held_archive, project) == []
        assert await held_by(held_archive, other_project) == [same_name]
