"""An idempotency key names one lead of its project for as long as the lead lives."""

from application.ports.lead_archive import LeadArchive
from application.ports.lead_ledger import LeadLedger
from domain.capture import Capture, Kept, KeptAs, NotKeptBecause
from domain.idempotency import Idempotency
from domain.project import Project
from tests.contracts.recording import (
    DECEMBER,
    KEY_REUSED,
    NOVEMBER,
    PLAN_FULL,
    fill,
    hows,
    lead_id_of,
    leads_of,
    record,
    record_one,
)
from tests.support.builders import a_capture

ONE_LEAD, OTHER_LEAD = b"\x00" * 32, b"\xff" * 32


def a_keyed_capture(
    project: Project, key: str = "order-1", fingerprint: bytes = ONE_LEAD
) -> Capture:
    return a_capture(project, idempotency=Idempotency(key, fingerprint))


class IdempotencyContract:
    async def test_the_same_key_and_the_same_lead_is_the_lead_again(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        first = await record_one(ledger, a_keyed_capture(project))
        again = await record_one(ledger, a_keyed_capture(project))

        assert again == Kept(lead_id_of(first), KeptAs.REPLAYED)
        assert len(await leads_of(archive, project)) == 1
        assert await archive.places_taken(project.project_id, NOVEMBER) == 1

    async def test_a_key_is_known_to_every_ledger(
        self, ledger: LeadLedger, other_ledger: LeadLedger, project: Project
    ) -> None:
        first = await record_one(ledger, a_keyed_capture(project))
        again = await record_one(other_ledger, a_keyed_capture(project))

        assert again == Kept(lead_id_of(first), KeptAs.REPLAYED)

    async def test_the_same_key_for_another_lead_is_refused_and_keeps_nothing(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        await record_one(ledger, a_keyed_capture(project))

        other = await record_one(ledger, a_keyed_capture(project, fingerprint=OTHER_LEAD))

        assert other == KEY_REUSED
        assert len(await leads_of(archive, project)) == 1
        assert await archive.places_taken(project.project_id, NOVEMBER) == 1

    async def test_a_lead_that_was_stored_under_an_earlier_fingerprint_is_known_by_it(
        self, ledger: LeadLedger, project: Project
    ) -> None:
        first = await record_one(ledger, a_keyed_capture(project, fingerprint=b"earlier"))
        names = (
            Idempotency("order-1", ONE_LEAD, b"earlier"),
            Idempotency("order-1", ONE_LEAD, b"x"),
        )
        again, other = [
            await record_one(ledger, a_capture(project, idempotency=name)) for name in names
        ]

        assert again == Kept(lead_id_of(first), KeptAs.REPLAYED)
        assert other == KEY_REUSED

    async def test_the_same_key_in_another_project_is_a_new_lead(
        self, ledger: LeadLedger, project: Project, other_project: Project
    ) -> None:
        outcomes = await record(
            ledger, a_keyed_capture(project), a_keyed_capture(other_project, "order-1", OTHER_LEAD)
        )

        assert hows(outcomes) == [KeptAs.NEW, KeptAs.NEW]

    async def test_keys_are_compared_to_the_letter(
        self, ledger: LeadLedger, project: Project
    ) -> None:
        keys = ("order", "ORDER", "order ", "order-1", "$where", "a.b")

        outcomes = await record(ledger, *(a_keyed_capture(project, key) for key in keys))

        assert hows(outcomes) == [KeptAs.NEW] * len(keys)

    async def test_the_same_key_twice_in_one_batch_is_one_lead(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        first, second, other = await record(
            ledger,
            a_keyed_capture(project),
            a_keyed_capture(project),
            a_keyed_capture(project, fingerprint=OTHER_LEAD),
        )

        assert hows([first, second]) == [KeptAs.NEW, KeptAs.REPLAYED]
        assert lead_id_of(first) == lead_id_of(second)
        assert other == KEY_REUSED
        assert len(await leads_of(archive, project)) == 1

    async def test_a_known_key_is_answered_in_a_full_month(
        self, ledger: LeadLedger, other_ledger: LeadLedger, project: Project
    ) -> None:
        first = await record_one(ledger, a_keyed_capture(project), limit=1)

        for one in (ledger, other_ledger):
            outcomes = await record(
                one,
                a_capture(project),
                a_keyed_capture(project),
                a_keyed_capture(project, fingerprint=OTHER_LEAD),
                limit=1,
            )

            assert outcomes == [PLAN_FULL, Kept(lead_id_of(first), KeptAs.REPLAYED), KEY_REUSED]

    async def test_a_known_key_is_answered_in_a_later_month_and_takes_no_place_of_it(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        await record_one(ledger, a_keyed_capture(project))

        again = await record_one(ledger, a_keyed_capture(project), month=DECEMBER)

        assert hows([again]) == [KeptAs.REPLAYED]
        assert await archive.places_taken(project.project_id, DECEMBER) == 0

    async def test_the_key_of_a_refused_lead_is_not_remembered(
        self, ledger: LeadLedger, project: Project
    ) -> None:
        refused = await record_one(ledger, a_keyed_capture(project), limit=0)

        other = await record_one(ledger, a_keyed_capture(project, fingerprint=OTHER_LEAD), limit=1)

        assert hows([refused, other]) == [NotKeptBecause.PLAN_FULL, KeptAs.NEW]

    async def test_leads_without_a_key_are_never_taken_for_each_other(
        self, ledger: LeadLedger, project: Project
    ) -> None:
        outcomes = await fill(ledger, project, 3)

        assert hows(outcomes) == [KeptAs.NEW] * 3
