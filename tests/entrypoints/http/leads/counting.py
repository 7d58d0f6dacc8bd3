"""
The program, which counts what a call costs, and writes it down before its answer leaves.

    python -m tests.entrypoints.http.leads.counting FILE serve --port 0
"""

import json
import sys
import tracemalloc
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import CodeType, FrameType

from pymongo.monitoring import CommandListener, CommandStartedEvent, register

# What is imported before anything is counted need not be counted while it is.
import entrypoints.console.frame.blueprint
import entrypoints.http.app
from entrypoints.process.main import main
from tests.bench import tracing
from tests.bench.tracing import Trace, Tracer

SOURCE = Path(entrypoints.http.app.__file__).parents[2]
COPIED_BYTES = 50_000
"""A body of which copies are counted is larger."""


def program(file: Path) -> tuple[str, ...]:
    """The command that runs the program, and has it write the price of each call to *file*."""
    return (sys.executable, "-m", __name__, str(file))


@dataclass
class Price:
    """
    What one call cost, from the bytes that a connection received to its answer.

    Attributes:
        asked: What the store was asked: the first words of SQL, or the names of commands.
        functions: How many functions of the source were called.
        turns: How often the event loop went on with something.
        copies: In which functions memory grew by a whole body, in one step. What one step makes
            and another throws away before any function is called is not seen.
    """

    asked: list[str] = field(default_factory=list)
    functions: int = 0
    turns: int = 0
    copies: list[str] = field(default_factory=list)


def least(prices: Sequence[Price]) -> Price:
    """The least of each: what happens in the background only adds to it."""
    return Price(
        min((price.asked for price in prices), key=len),
        min(price.functions for price in prices),
        min(price.turns for price in prices),
        min((price.copies for price in prices), key=len),
    )


class Counter(Tracer):
    """Watches all threads, for one call at a time."""

    def __init__(self, file: Path) -> None:
        super().__init__(SOURCE, file)
        self.price = Price()
        self._in_memory = 0

    def start(self) -> None:
        register(_Commands(self))
        super().start()

    def note_write(self, write: str, content: str) -> None:
        """Which write is whose is nothing that costs."""

    def _on_statement(self, statement: str) -> None:
        self.price.asked.append(" ".join(statement.split(maxsplit=3)[:3]))

    def _on_event(self, frame: FrameType, event: str, argument: object) -> None:
        was_idle = self._trace is None
        super()._on_event(frame, event, argument)
        if self._trace is None:
            return
        if was_idle:
            self._begin()
        elif event == "call" and _is_turn(frame.f_code):
            self.price.turns += 1
        self.note_copy(frame.f_code)

    def _begin(self) -> None:
        tracemalloc.start()  # does nothing the second time
        self.price = Price()
        self._in_memory, _ = tracemalloc.get_traced_memory()

    def note_copy(self, code: CodeType) -> None:
        """Note whether memory has grown by a body since the event before this one, in *code*."""
        before, (self._in_memory, _) = self._in_memory, tracemalloc.get_traced_memory()
        if self._in_memory - before > COPIED_BYTES and not _is_ours(code):
            self.price.copies.append(code.co_qualname)

    def _end(self, trace: Trace, data: bytes) -> None:
        if data.startswith(b"HTTP/"):
            self.price.functions = sum(not step.resumed for step in trace.steps)
            self._written_to.write_text(json.dumps(asdict(self.price)))
            self._trace = None


class _Commands(CommandListener):
    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    def started(self, event: CommandStartedEvent) -> None:
        self._counter.price.asked.append(event.command_name)

    def succeeded(self, event: object) -> None: ...
    def failed(self, event: object) -> None: ...


def _is_turn(code: CodeType) -> bool:
    return code.co_name == "_run" and code.co_filename.endswith("asyncio/events.py")


def _is_ours(code: CodeType) -> bool:
    """Whether it watches, and copies on its own account what the stores are told."""
    return code.co_filename in (__file__, tracing.__file__)


if __name__ == "__main__":
    sys.modules["uvloop"] = None  # type: ignore[assignment]  no profiler sees its turns
    Counter(Path(sys.argv.pop(1))).start()
    main()
