"""Leads by the million, past HTTP and through the ledger, as a store has them after two months."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random

from domain.capture import Batch, Capture
from domain.lead import LeadDetails
from domain.plan import Month
from domain.project import Project
from entrypoints.container import Container
from tests.support.builders import a_capture
from tests.support.stores import Store

BATCH = 1_000
LONG_SECONDS = 60.0
SOURCES = ("google", "bing", "facebook", "newsletter", "linkedin", "partner.example", None)
CAMPAIGNS = 40
DAYS = 60


def some_details(number: int, chance: Random) -> LeadDetails:
    """Of a person who came from somewhere; one in 200,000 by a rare campaign."""
    source = chance.choice(SOURCES)
    campaign = f"c{chance.randrange(CAMPAIGNS)}" if number % 200_000 else "rare"
    return LeadDetails(
        name=f"Person {number}",
        email=f"person{number}@example.com",
        phone=f"+49170{number:07}",
        source_url="https://acme.example/pricing?x=1",
        utm={"utm_source": source, "utm_campaign": campaign} if source else {},
        attributes={"message": "I would like to know more about what you offer. Please call me."},
    )


def fill(
    store: Store, shares: Mapping[str, int], say: Callable[[str], None] = lambda _text: None
) -> None:
    """Give each project, by its id, so many leads of the last `DAYS` days."""
    now, chance = datetime.now(UTC), Random(1)

    async def record(container: Container) -> None:
        ledger, projects = container.ledger(), await container.projects().all()
        for project in projects:
            share = shares.get(project.project_id, 0)
            captures = _captures(project, share, now, chance)
            for done in range(0, share, BATCH):
                say(f"filling {project.name}: {done:,} of {share:,} leads")
                some = tuple(islice(captures, BATCH))
                batch = Batch(Month.of(now), some, {project.project_id: None})
                await ledger.record(batch, LONG_SECONDS)

    store.use(record)


def fill_evenly(leads: int, store: Store, say: Callable[[str], None] = lambda _text: None) -> None:
    """Give every project the same share of so many *leads*."""
    projects = store.use(lambda c: c.projects().all())
    fill(store, {one.project_id: leads // len(projects) for one in projects}, say)


def _captures(project: Project, share: int, now: datetime, chance: Random) -> Iterator[Capture]:
    return (
        a_capture(
            project,
            captured_at=now - DAYS * (1 - number / share) * timedelta(days=1),
            details=some_details(number, chance),
        )
        for number in range(share)
    )
