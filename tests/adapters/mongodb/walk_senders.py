"""What senders of a walk send: new people, known ones, repeated keys, and the same again."""

from collections.abc import Sequence
from random import Random

from application.ports.lead_ledger import Capture
from domain.idempotency import Idempotency
from domain.project import Project
from tests.contracts.lead_ledger_persons import a_written_message
from tests.support.builders import a_capture, a_phone

KINDS = ("plain", "plain", "plain", "uncounted", "keyed", "person", "again")
MOST_AT_ONCE = 5


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
            phone = a_phone(str(chance.randint(1, 20)))
            message = f"m{chance.randint(1, 40)}"
            return a_written_message(project, phone, message_id=message)
        case _:
            return a_capture(project)
