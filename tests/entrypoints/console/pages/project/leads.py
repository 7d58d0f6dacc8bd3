"""Leads that came some time ago, for pages that say how many there were."""

from datetime import UTC, datetime, timedelta

from domain.lead import LeadDetails
from domain.plan import Month
from entrypoints.container import Container
from tests.contracts.recording import record
from tests.support.builders import a_capture, a_held_call
from tests.support.stores import Account, Store


def with_leads(
    store: Store,
    account: Account,
    count: int,
    *,
    ago: timedelta = timedelta(),
    month: Month | None = None,
    held: int = 0,
    channel: str = "rest",
    **utm: str,
) -> None:
    """
    As many leads that were captured so long ago, and as many calls that wait.

    The leads count in *month*, else in this one.
    """
    now = datetime.now(UTC)
    details = LeadDetails(name="Ada", utm={f"utm_{name}": text for name, text in utm.items()})

    async def work(container: Container) -> None:
        project = await container.projects().find(account.project_id)
        assert project is not None
        captures = [
            a_capture(project, captured_at=now - ago, channel=channel, details=details)
            for _ in range(count)
        ]
        await record(container.ledger(), *captures, month=month or Month.of(now))
        await container.held_ledger().hold([a_held_call(project) for _ in range(held)])

    store.use(work)
