"""
What every `HeldLedger` does.

Subclass and provide `held_ledger`, `held_archive` and `projects` over one empty store and,
over the same store as another process would have it, `other_held_ledger`.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from application.ports.held_archive import HeldArchive
from application.ports.held_ledger import HeldLedger
from domain.held import NUMBER_NOT_LISTED, UNREADABLE, CannotBeHeld
from domain.held import UNREADABLE as MOVED_TO
from domain.idempotency import Idempotency
from domain.identity import Identity
from domain.lead import LeadDetails
from domain.project import Project
from tests.contracts.held.held_ledger_pruning import PruningContract
from tests.contracts.held.holding import TwoProjects, held_by, with_code
from tests.support.builders import NOW, a_capture, a_held_call, a_message, a_phone

ODD = "Zoë 🙂 \u202e你好 'quoted' \\\"$where\"\0\x7f\r\n"
ODD_KEYS: dict[str, Any] = {
    "$where": "1 == 1",
    "a.b": {"": None, "$gt": [1, -2, 0.1, 1e300, True, "x\0y"]},
    "": "",
    "__proto__": [[], {}],
    "largest": 2**63 - 1,
}
EVERY_DETAIL = LeadDetails(
    name=ODD,
    email="zoë@example.com",
    phone="+1 (202) 555-0147",
    attributes=ODD_KEYS,
    source_url="https://example.com/?a=b#c",
    referrer="android-app://com.example",
    utm={"source": "x", "$set": {"a.b": 1}},
    page_trail=("/", "/ü", ""),
)
IDENTITIES = (Identity("user", "US.1$a.b"), a_phone("12025550147"))
HUGE = '{"text":"' + 300_000 * 'ü🙂\\n"' + '"}'


class ContentContract(TwoProjects):
    async def test_a_call_comes_back_with_all_that_it_has(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project
    ) -> None:
        capture = a_capture(
            project,
            channel="whatsapp",
            details=EVERY_DETAIL,
            counts=False,
            opens_lead=False,
            idempotency=Idempotency("key$.", bytes(range(256)), b"\x00\xff"),
            identities=IDENTITIES,
            message=a_message(ODD, type="$type", text=ODD, raw=f'{{"raw":"{ODD}"}}'),
        )
        call = a_held_call(
            project,
            channel="whatsapp",
            code=NUMBER_NOT_LISTED,
            origin="https://example.com/?$a.b=ü",
            body=ODD,
            once="$a.b/ü",
            capture=capture,
            times=3,
            last_at=NOW + timedelta(days=1),
            body_base64="/wD+",
        )

        await held_ledger.hold([call])

        assert await held_by(held_archive, project) == [call]

    async def test_a_call_comes_back_with_as_little_as_it_may_have(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project
    ) -> None:
        silent = a_message(text=None, sent_at=None)
        calls = [
            a_held_call(project, code=UNREADABLE, body="", capture=None),
            a_held_call(project, capture=a_capture(project, details=LeadDetails())),
            a_held_call(project, origin="", capture=a_capture(project, message=silent)),
        ]

        await held_ledger.hold(calls)

        assert await held_by(held_archive, project) == calls

    @pytest.mark.parametrize("body", [HUGE, "{}"])
    async def test_a_message_of_megabytes_comes_back_whether_it_is_the_body_or_not(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project, body: str
    ) -> None:
        capture = a_capture(project, message=a_message(raw=HUGE))
        call = a_held_call(project, body=body, capture=capture)

        await held_ledger.hold([call])

        assert len(HUGE.encode()) > 2_500_000
        assert await held_by(held_archive, project) == [call]

    async def test_moments_are_kept_to_the_millisecond(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project
    ) -> None:
        late = NOW.replace(microsecond=999_000)
        capture = a_capture(project, captured_at=late, message=a_message(sent_at=late))
        call = a_held_call(project, at=late, capture=capture, times=2, last_at=late)

        await held_ledger.hold([call])

        (found,) = await held_by(held_archive, project)
        assert found == call
        assert found.at.utcoffset() == NOW.utcoffset()

    async def test_a_capture_may_be_for_another_project_than_the_one_that_holds_it(
        self,
        held_ledger: HeldLedger,
        held_archive: HeldArchive,
        project: Project,
        other_project: Project,
    ) -> None:
        call = a_held_call(project, capture=a_capture(other_project))

        await held_ledger.hold([call])

        assert await held_by(held_archive, project) == [call]
        assert await held_by(held_archive, other_project) == []

    @pytest.mark.parametrize("where", ["body", "origin", "once", "capture"])
    async def test_a_call_that_no_store_can_hold_fails_alone_and_is_named(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project, where: str
    ) -> None:
        half_a_pair = "\ud800"
        poison: Any = half_a_pair
        if where == "capture":
            poison = a_capture(project, details=LeadDetails(attributes={"a": half_a_pair}))
        calls = [a_held_call(project) for _ in range(3)]
        calls[1] = replace(calls[1], **{where: poison})

        with pytest.raises(CannotBeHeld, match=calls[1].held_id):
            await held_ledger.hold(calls)

        assert await held_by(held_archive, project) == [calls[0], calls[2]]


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
