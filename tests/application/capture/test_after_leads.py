"""Who can wait goes on when no lead is being written, and never waits for long."""

import asyncio
from collections.abc import Coroutine
from itertools import pairwise

import pytest

from application.capture import after_leads
from application.capture.after_leads import AfterLeads
from application.capture.lead_writer import LeadWriter
from domain.project import Project
from entrypoints.container import Container
from tests.application.fakes import WatchedLedger, let_tasks_start
from tests.support.builders import a_capture

FOR_EVER = 3600.0


@pytest.fixture
def give_way(container: Container) -> AfterLeads:
    return container.after_leads()


@pytest.fixture
async def lead(writer: LeadWriter, ledger: WatchedLedger, project: Project) -> asyncio.Task[object]:
    """One that is being written until the ledger's gate opens."""
    ledger.gate.clear()
    writing = asyncio.create_task(writer.write(a_capture(project)))
    await ledger.reached.wait()
    return writing


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """They give way for as long as leads are written, and see at once that they are."""
    monkeypatch.setattr(after_leads, "LONGEST_SECONDS", FOR_EVER)
    monkeypatch.setattr(after_leads, "LOOK_SECONDS", 0)


@pytest.mark.usefixtures("patience")
async def test_who_can_wait_goes_on_when_no_lead_is_being_written(
    give_way: AfterLeads,
    lead: asyncio.Task[object],
    ledger: WatchedLedger,
) -> None:
    went_on: list[str] = []
    lead.add_done_callback(lambda _: went_on.append("the lead"))
    waiting = asyncio.create_task(give_way())
    waiting.add_done_callback(lambda _: went_on.append("who can wait"))
    await let_tasks_start()
    assert went_on == []

    ledger.gate.set()
    await waiting

    assert went_on == ["the lead", "who can wait"]


async def test_nobody_gives_way_for_long_to_leads_that_do_not_end(
    give_way: AfterLeads,
    lead: asyncio.Task[object],
    ledger: WatchedLedger,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(after_leads, "LONGEST_SECONDS", 0.01)

    await asyncio.gather(*(give_way() for _ in range(100)))

    assert not lead.done()
    ledger.gate.set()
    await lead


@pytest.mark.usefixtures("patience")
async def test_where_no_lead_is_written_one_goes_on_after_the_other_and_the_loop_looks_between_them(
    give_way: AfterLeads, writer: object
) -> None:
    turns = 0
    went_on: list[tuple[str, int]] = []

    async def go_on(name: str) -> None:
        await give_way()
        went_on.append((name, turns))

    waiting = [asyncio.create_task(go_on(name)) for name in "abc"]
    while not all(one.done() for one in waiting):
        turns += 1
        await asyncio.sleep(0)

    names, at = zip(*went_on, strict=True)
    assert names == ("a", "b", "c")
    assert at[1] - at[0] >= 2
    assert at[2] - at[1] >= 2


def goes_on_at_once(waiting: Coroutine[object, None, None]) -> bool:
    """Whether it ends without a turn of the loop."""
    try:
        waiting.send(None)
    except StopIteration:
        return True
    waiting.close()
    return False


async def test_who_comes_alone_while_no_lead_is_written_goes_on_at_once(
    give_way: AfterLeads, writer: object
) -> None:
    assert goes_on_at_once(give_way())
    await asyncio.sleep(0)
    assert not goes_on_at_once(give_way())  # the loop is just reading what has come

    await let_tasks_start()
    assert goes_on_at_once(give_way())


@pytest.mark.usefixtures("patience")
async def test_who_comes_last_goes_on_last(
    give_way: AfterLeads,
    lead: asyncio.Task[object],
    ledger: WatchedLedger,
) -> None:
    went_on: list[str] = []

    async def go_on(name: str) -> None:
        await give_way()
        went_on.append(name)

    waiting = [asyncio.create_task(go_on(name)) for name in "abc"]
    await let_tasks_start()
    ledger.gate.set()
    await waiting[0]
    last = asyncio.create_task(go_on("last"))
    await asyncio.gather(*waiting, last)

    assert went_on == ["a", "b", "c", "last"]


async def test_those_who_have_given_way_for_long_go_on_a_few_at_a_time(
    give_way: AfterLeads, writer: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(after_leads, "LONGEST_SECONDS", 0)
    waiting = [asyncio.create_task(give_way()) for _ in range(after_leads.MOST_DUE * 3)]
    went_on = [0]
    while went_on[-1] < len(waiting):
        await asyncio.sleep(0)
        went_on.append(sum(one.done() for one in waiting))

    steps = [later - earlier for earlier, later in pairwise(went_on)]
    assert max(steps) == after_leads.MOST_DUE


@pytest.mark.usefixtures("patience")
async def test_where_too_many_give_way_the_next_one_goes_on_at_once(
    give_way: AfterLeads,
    lead: asyncio.Task[object],
    ledger: WatchedLedger,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(after_leads, "MOST_WAITING", 2)
    waiting = [asyncio.create_task(give_way()) for _ in range(2)]
    await let_tasks_start()

    await give_way()

    assert not any(one.done() for one in waiting)
    ledger.gate.set()
    await asyncio.gather(*waiting)


@pytest.mark.usefixtures("patience")
async def test_if_the_task_that_lets_them_go_on_is_cancelled_nobody_waits_for_ever(
    give_way: AfterLeads,
    lead: asyncio.Task[object],
    ledger: WatchedLedger,
) -> None:
    waiting = [asyncio.create_task(give_way()) for _ in range(2)]
    await let_tasks_start()
    (task,) = (one for one in asyncio.all_tasks() if one.get_name() == "giving way to leads")
    task.cancel()

    await asyncio.gather(*waiting)

    ledger.gate.set()
    await lead


async def test_one_who_goes_away_keeps_no_other_from_going_on(
    give_way: AfterLeads, lead: asyncio.Task[object], ledger: WatchedLedger
) -> None:
    gone, other = asyncio.create_task(give_way()), asyncio.create_task(give_way())
    await let_tasks_start()
    gone.cancel()
    ledger.gate.set()

    await other
