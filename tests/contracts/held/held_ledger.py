"""
What every `HeldLedger` does.

Subclass and provide `held_ledger`, `held_archive` and `projects` over one empty store and,
over the same store as another process would have it, `other_held_ledger`.
"""

from collections.abc import Sequence

from application.ports.held_archive import HeldArchive
from application.ports.held_ledger import HeldLedger
from domain.held import UNREADABLE as MOVED_TO
from domain.project import Project
from tests.contracts.held.held_ledger_content import ContentContract
from tests.contracts.held.held_ledger_once import OnceContract
from tests.contracts.held.held_ledger_pruning import PruningContract
from tests.contracts.held.holding import held_by, with_code
from tests.support.builders import a_held_call

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
