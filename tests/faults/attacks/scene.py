"""A server with a project that is attacked and a neighbour, and what is measured meanwhile."""

import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Any, TypeVar

from tests.faults.attacks import measures
from tests.faults.attacks.attackers import be_patient
from tests.faults.attacks.measures import P99_FINE_MS, Load, Measured, Memory
from tests.faults.attacks.neighbour import PATIENCE_SECONDS, post_steadily
from tests.faults.attacks.sink import a_sink
from tests.support.in_memory import folder_in_memory
from tests.support.program import Server, serving
from tests.support.stores import Account, Store

T = TypeVar("T")

WARMING_SECONDS = 1.0
CALM_SECONDS = 6.0
CALM_TRIES = 3
ELSEWHERE_SECONDS = 10.0
SETTLING_SECONDS = 2.0
"""Between the end of an attack and the look at what memory it left."""
END_SECONDS = 30.0


@dataclass(frozen=True)
class Scene:
    """
    Attributes:
        target: The project whose key the attackers know; it set up no channel.
        sink_port: Of a server that is no concern of ours.
    """

    store: Store
    server: Server
    target: Account
    neighbour: Account
    attackers: Pool
    senders: Pool
    sink_port: int

    def measure(
        self, attack: Callable[..., T], *arguments: Any, seconds: float
    ) -> tuple[T, Measured]:
        """
        Let the neighbour send in peace, then beside *attack* on the sink, then on the server.

        Args:
            attack: What the attackers' process calls with the port, *arguments* and *seconds*.
            seconds: How long the server is attacked.

        Returns:
            What *attack* returns, and what was measured.
        """
        pid = self.server.process.pid
        self._post(WARMING_SECONDS)
        calm = self._in_peace()
        _, elsewhere = self._beside(
            attack, self.sink_port, *arguments, seconds=min(seconds, ELSEWHERE_SECONDS)
        )
        measures.forget_the_peak(pid)
        idle = measures.resident(pid)
        returned, during = self._beside(attack, self.server.port, *arguments, seconds=seconds)
        time.sleep(SETTLING_SECONDS)
        megabytes = Memory(idle, measures.peak(pid), measures.resident(pid))
        return returned, Measured(calm, elsewhere, during, megabytes)

    def _beside(
        self, attack: Callable[..., T], port: int, *arguments: Any, seconds: float
    ) -> tuple[T, Load]:
        attacking = self.attackers.apply_async(attack, (port, *arguments, seconds))
        load = self._post(seconds)
        return attacking.get(timeout=END_SECONDS), load

    def _in_peace(self) -> Load:
        """The calmest of a few: where others use the machine, any comparison would hold."""
        calmest = self._post(CALM_SECONDS)
        for _ in range(CALM_TRIES - 1):
            if calmest.p99 < P99_FINE_MS:
                break
            calmest = min(calmest, self._post(CALM_SECONDS), key=lambda load: load.p99)
        return calmest

    def _post(self, seconds: float) -> Load:
        sending = self.senders.apply_async(
            post_steadily, (self.server.port, self.neighbour, seconds)
        )
        return sending.get(timeout=seconds + PATIENCE_SECONDS + END_SECONDS)


@contextmanager
def a_scene() -> Iterator[Scene]:
    """A server with default settings on a store of its own, and both processes ready."""
    spawning = multiprocessing.get_context("spawn")
    with (
        a_server() as (store, server),
        spawning.Pool(1, be_patient) as attackers,
        spawning.Pool(1) as senders,
        a_sink() as sink_port,
    ):
        attackers.apply(_ready)
        target, neighbour = store.account("target"), store.account("neighbour")
        yield Scene(store, server, target, neighbour, attackers, senders, sink_port)


@contextmanager
def a_server() -> Iterator[tuple[Store, Server]]:
    """
    A server alone; killed in the end.

    Its data lie in memory where they can: a disk that stalls would be taken for the attack.
    """
    with tempfile.TemporaryDirectory(dir=folder_in_memory()) as folder:
        store = Store(Path(folder) / "swiftcrm.db")
        store.account("first")
        with serving(store) as server:
            yield store, server


def _ready() -> None:
    """Return once the process has imported what an attack needs."""
