"""A process that another one overtakes at each single await, while both tell of one person."""

from dataclasses import dataclass
from random import Random

import pytest

from domain.capture import Capture
from domain.identity import Identity
from domain.lead import LeadDetails
from domain.project import Project
from tests.adapters.mongodb.leads.walk.walking import World
from tests.contracts.people import OTHER_PHONE, PHONE, USER_ID, USER_NAME, a_link, a_written_message
from tests.support.builders import a_project
from tests.support.faulty_store import Fault
from tests.support.memory_mongo import memory_store

MOST_AWAITS = 18


@dataclass(frozen=True)
class Told:
    """Identities that come together: in a message, or in a link."""

    identities: tuple[Identity, ...]
    is_link: bool = False

    def capture(self, project: Project, email: str | None) -> Capture:
        make = a_link if self.is_link else a_written_message
        attributes = {} if email is None else {f"said by {email}": True}
        details = LeadDetails(email=email, attributes=attributes)
        return make(project, *self.identities, details=details)


def message(*identities: Identity) -> Told:
    return Told(identities)


def link(*identities: Identity) -> Told:
    return Told(identities, is_link=True)


@dataclass(frozen=True)
class Scenario:
    """What is known before, what the slow process records, and what the quick one does."""

    slow: Told
    quick: tuple[Told, ...]
    before: tuple[Told, ...] = ()


APART = (message(PHONE), message(USER_ID), message(USER_NAME))
SCENARIOS = {
    "a message and a link": Scenario(message(PHONE), (link(PHONE, USER_ID),)),
    "a link and a message": Scenario(link(PHONE, USER_ID), (message(PHONE),)),
    "a link and messages": Scenario(link(PHONE, USER_ID), (message(PHONE), message(USER_ID))),
    "links": Scenario(link(PHONE, USER_ID), (link(USER_ID, USER_NAME), message(USER_NAME))),
    "a new name and its link": Scenario(
        message(PHONE, USER_ID), (link(USER_ID, USER_NAME),), (message(PHONE),)
    ),
    "a new name and its lead": Scenario(
        message(PHONE, USER_ID), (message(USER_ID),), (message(PHONE),)
    ),
    "a new person and a lead of one name": Scenario(message(PHONE, USER_ID), (message(USER_ID),)),
    "a new person and leads of both names": Scenario(
        message(PHONE, USER_ID), (message(USER_ID), message(PHONE))
    ),
    "joins of one lead": Scenario(message(USER_ID, USER_NAME), (message(PHONE, USER_NAME),), APART),
    "a join and a new name": Scenario(
        message(PHONE, USER_NAME), (message(USER_NAME, OTHER_PHONE),), APART
    ),
    "a new name and a join": Scenario(
        message(USER_NAME, OTHER_PHONE), (message(PHONE, USER_NAME),), APART
    ),
    "what a lead lacks and a join": Scenario(message(USER_ID), (message(PHONE, USER_ID),), APART),
    "what a lead lacks and a link that joins": Scenario(
        message(USER_ID), (link(PHONE, USER_ID),), APART
    ),
    "what a lead lacks and joins of joined leads": Scenario(
        message(USER_NAME), (message(USER_ID, USER_NAME), link(PHONE, USER_NAME)), APART
    ),
    "a join and what a lead lacks": Scenario(message(PHONE, USER_ID), (message(USER_ID),), APART),
    "a join and a link": Scenario(
        message(PHONE, USER_ID), (link(USER_ID, OTHER_PHONE), link(USER_NAME, PHONE)), APART
    ),
    "a link that joins and what is linked": Scenario(
        link(PHONE, OTHER_PHONE, USER_ID), (link(OTHER_PHONE, USER_NAME),), APART
    ),
}


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("await_number", range(1, MOST_AWAITS))
@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
@pytest.mark.parametrize("kind", ["freeze", "kill"])
async def test_whoever_is_overtaken_at_any_await_the_person_is_one_and_nothing_is_overwritten(
    scenario: Scenario, kind: str, await_number: int, *, after: bool
) -> None:
    world = World(memory_store(), a_project(), Random(await_number), limit=None)
    before, slow, quick = (
        [told.capture(world.project, email) for told in some]
        for some, email in (
            (scenario.before, None),
            ((scenario.slow,), "slow@example.com"),
            (scenario.quick, "quick@example.com"),
        )
    )
    await world.capture(0, Fault(), before)

    await world.capture(1, Fault(kind, await_number, after=after), slow)
    await world.check()
    await world.capture(2, Fault(), quick)
    await world.check()

    await world.redeliver()
