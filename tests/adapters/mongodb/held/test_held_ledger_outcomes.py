"""What is held is durable, or it is not known to be held; and what that costs the server."""

from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient

from adapters.mongodb import MongoHeldArchive, MongoHeldLedger, MongoProjectRegister
from adapters.mongodb.leads.documents import LARGEST_DOCUMENT_BYTES
from domain.errors import StorageUnavailable
from domain.held import CannotBeHeld
from domain.project import Project
from tests.contracts.held.holding import held_by
from tests.support.builders import a_held_call, a_project
from tests.support.servers.mongod import RunningMongod

OWN_DATABASE = True


WRITE_CONCERN_FAILED = {"code": 64, "codeName": "WriteConcernFailed", "errmsg": "waiting timed out"}


@pytest.fixture
async def project(projects: MongoProjectRegister) -> Project:
    project = a_project()
    await projects.add(project)
    return project


@pytest.fixture
def by_hand(mongod: RunningMongod, name: str) -> Iterator[Any]:
    """The database past all of our code."""
    client: MongoClient[dict[str, Any]]
    with mongod.client() as client:
        yield client[name]


async def test_what_the_majority_did_not_confirm_is_not_said_to_be_held_and_may_come_again(
    mongod: RunningMongod,
    held_ledger: MongoHeldLedger,
    held_archive: MongoHeldArchive,
    project: Project,
) -> None:
    calls = [a_held_call(project) for _ in range(20)]
    await held_ledger.hold(calls[:5])

    with (
        mongod.failing("insert", times=1, writeConcernError=WRITE_CONCERN_FAILED),
        pytest.raises(StorageUnavailable),
    ):
        await held_ledger.hold(calls)
    await held_ledger.hold(calls)

    assert await held_by(held_archive, project) == calls


async def test_what_the_majority_did_not_confirm_is_not_said_to_be_moved_or_removed(
    mongod: RunningMongod, held_ledger: MongoHeldLedger, project: Project
) -> None:
    call = a_held_call(project)
    await held_ledger.hold([call])

    with mongod.failing("update", "delete", writeConcernError=WRITE_CONCERN_FAILED):
        with pytest.raises(StorageUnavailable):
            await held_ledger.move(project.project_id, [call.held_id], "UNREADABLE")
        with pytest.raises(StorageUnavailable):
            await held_ledger.remove(project.project_id, [call.held_id])
        with pytest.raises(StorageUnavailable):
            await held_ledger.prune(project.project_id, call.code, most=0, before=call.at)


async def test_what_the_majority_did_not_confirm_is_not_said_to_be_counted_and_is_held_once(
    mongod: RunningMongod,
    held_ledger: MongoHeldLedger,
    held_archive: MongoHeldArchive,
    project: Project,
) -> None:
    call = a_held_call(project)

    with (
        mongod.failing("update", times=1, writeConcernError=WRITE_CONCERN_FAILED),
        pytest.raises(StorageUnavailable),
    ):
        await held_ledger.hold_or_count([call])
    await held_ledger.hold_or_count([call])

    assert [one.held_id for one in await held_by(held_archive, project)] == [call.held_id]


async def test_what_another_index_than_that_of_numbers_refuses_is_not_said_to_be_held(
    held_ledger: MongoHeldLedger, project: Project, by_hand: Any
) -> None:
    by_hand.held.create_index("request_id", unique=True)
    one, other = (a_held_call(project, request_id="req_1") for _ in range(2))
    await held_ledger.hold_or_count([one])

    with pytest.raises(StorageUnavailable):
        await held_ledger.hold_or_count([other])


async def test_a_call_that_no_document_can_hold_fails_alone_and_is_named(
    held_ledger: MongoHeldLedger, held_archive: MongoHeldArchive, project: Project
) -> None:
    large = a_held_call(project, body="x" * LARGEST_DOCUMENT_BYTES)
    others = [a_held_call(project) for _ in range(2)]

    with pytest.raises(CannotBeHeld, match=large.held_id):
        await held_ledger.hold([others[0], large, others[1]])

    assert await held_by(held_archive, project) == others


@pytest.mark.parametrize("asked", [{"channel": "whatsapp"}, {"but_channel": "rest"}])
async def test_a_page_of_some_channels_reads_no_call_of_another(
    held_ledger: MongoHeldLedger,
    held_archive: MongoHeldArchive,
    project: Project,
    by_hand: Any,
    asked: dict[str, str],
) -> None:
    calls = [a_held_call(project) for _ in range(300)]
    await held_ledger.hold([*calls, a_held_call(project, channel="whatsapp")])

    by_hand.command("profile", 2)
    (found,) = await held_by(held_archive, project, code=calls[0].code, **asked)
    by_hand.command("profile", 0)

    (page,) = by_hand.system.profile.find({"ns": f"{by_hand.name}.held"})
    assert found.channel == "whatsapp"
    assert page["docsExamined"] == 1


async def test_what_is_asked_often_reads_no_held_call(
    held_ledger: MongoHeldLedger, held_archive: MongoHeldArchive, project: Project, by_hand: Any
) -> None:
    calls = [a_held_call(project, origin=str(number % 3)) for number in range(300)]
    await held_ledger.hold(calls)
    call = calls[0]

    by_hand.command("profile", 2)
    await held_archive.projects(call.code)
    await held_archive.room(project.project_id, call.code)
    await held_archive.origins(project.project_id, call.channel, call.code)
    await held_ledger.prune(project.project_id, call.code, most=300, before=call.at)
    by_hand.command("profile", 0)

    asked = list(by_hand.system.profile.find({"ns": f"{by_hand.name}.held"}))
    assert len(asked) >= 6
    assert [one["docsExamined"] for one in asked] == [0] * len(asked)
    (of_projects,) = (one for one in asked if one["command"].get("key") == "project_id")
    assert of_projects["keysExamined"] <= 2
