"""What is done to the primary of a replica set, and how it is undone."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from pymongo.errors import PyMongoError

from tests.support.servers.mongod import Mongod

NO_ELECTION_SECONDS = 60
"""How long a primary that stepped down stands for no election."""


@dataclass(frozen=True)
class Disturbance:
    """
    Attributes:
        does: To the primary; its docstring says what.
        undoes: To the same member.
        lasts_seconds: Between the two.
    """

    does: Callable[[Mongod], object]
    undoes: Callable[[Mongod], object]
    lasts_seconds: float


def _step_down(member: Mongod) -> None:
    with member.direct() as client, suppress(PyMongoError):
        client.admin.command({"replSetStepDown": NO_ELECTION_SECONDS})


DISTURBANCES = {
    "kill": Disturbance(Mongod.kill, Mongod.launch, lasts_seconds=15),
    "freeze": Disturbance(Mongod.freeze, Mongod.thaw, lasts_seconds=30),
    "step-down": Disturbance(_step_down, lambda _: time.sleep(0), lasts_seconds=0),
}
