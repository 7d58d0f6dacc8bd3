"""What was held comes back as it was."""

from dataclasses import replace
from typing import Any

import pytest

from application.ports.held_archive import HeldArchive
from application.ports.held_ledger import HeldLedger
from domain.held import NUMBER_NOT_LISTED, UNREADABLE
from domain.idempotency import Idempotency
from domain.identity import Identity
from domain.lead import LeadDetails
from domain.project import Project
from tests.contracts.held.holding import TwoProjects, held_by
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
            idempotency=Idempotency("key$.", bytes(range(256))),
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
        call = a_held_call(project, at=late, capture=capture)

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

        with pytest.raises(ValueError, match=calls[1].held_id):
            await held_ledger.hold(calls)

        assert await held_by(held_archive, project) == [calls[0], calls[2]]
