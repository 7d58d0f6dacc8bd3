"""What senders of a walk send: new people, known ones, repeated keys, and the same again."""

from collections.abc import Sequence
from random import Random

from domain.capture import Capture
from domain.idempotency import Idempotency
from domain.identity import Identity
from domain.lead import LeadDetails
from domain.project import Project
from tests.contracts.people import a_link, a_written_message
from tests.support.builders import a_capture

KINDS = ("plain", "plain", "uncounted", "keyed", "person", "person", "person", "link", "again")
FIELDS = ("name", "email", "source_url")
ATTRIBUTES = ("ctwa_clid", "$set", "a.b", "")
MOST_AT_ONCE = 5
MOST_NAMES = 3
PHONES = [Identity("phone", str(number)) for number in range(1, 31)]
USER_IDS = [Identity("user_id", str(number)) for number in range(1, 31)]


def some_captures(chance: Random, project: Project, seen: Sequence[Capture]) -> list[Capture]:
    """A few; some of *seen* may come again."""
    return [a_chosen_capture(chance, project, seen) for _ in range(chance.randint(1, MOST_AT_ONCE))]


def a_chosen_capture(chance: Random, project: Project, seen: Sequence[Capture]) -> Capture:
    match chance.choice(KINDS):
        case "again" if seen:
            return chance.choice(seen)
        case "uncounted":
            return a_capture(project, counts=False)
        case "keyed":
            key = Idempotency(f"key {chance.randint(1, 20)}", b"x")
            return a_capture(project, idempotency=key)
        case "person":
            return a_message_of_somebody(chance, project)
        case "link":
            first = chance.randrange(len(PHONES) - 1)
            near = PHONES[first : first + 2] + USER_IDS[first : first + 2]
            return a_link(project, *chance.sample(near, chance.randint(2, MOST_NAMES)))
        case _:
            return a_capture(project, is_fresh=True)


def a_message_of_somebody(chance: Random, project: Project) -> Capture:
    """From one identity or from both; mostly from those that are somebody's together."""
    number = chance.randrange(len(PHONES))
    other = number if chance.random() < 0.9 else chance.randrange(len(USER_IDS))
    both = [PHONES[number], USER_IDS[other]]
    names = chance.sample(both, chance.randint(1, 2))
    message_id = f"m{chance.randint(1, 200)}"
    return a_written_message(project, *names, message_id=message_id, details=some_details(chance))


def some_details(chance: Random) -> LeadDetails:
    """A field and a few attributes, which others may say differently."""
    said = f"said {chance.random()}"
    attributes = dict.fromkeys(chance.sample(ATTRIBUTES, chance.randint(0, 2)), said)
    utm = chance.choice([{}, {}, {"utm_source": "a"}, {"utm_source": "b"}])
    return LeadDetails(**{chance.choice(FIELDS): said}, attributes=attributes, utm=utm)
