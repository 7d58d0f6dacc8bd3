"""What comes again is held once."""

import asyncio
from dataclasses import replace

from application.ports.held_archive import HeldArchive
from application.ports.held_ledger import HeldLedger
from domain.held import UNREADABLE
from domain.project import Project
from tests.contracts.held.holding import TwoProjects, held_by
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
