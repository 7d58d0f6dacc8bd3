"""`swiftcrm serve --quickstart`, as `make run` starts it."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.program import PROGRAM, environment


@contextmanager
def quickstart(database: Path) -> Iterator[list[str]]:
    """The lines that a server prints while it serves; the last is the curl line."""
    process = subprocess.Popen(
        [*PROGRAM, "serve", "--port", "0", "--quickstart"],
        env=environment(database),
        cwd=database.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        printed = [""]
        while not printed[-1].startswith("curl "):
            printed.append(next(process.stdout))
        yield printed
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=15)
        process.stdout.close()
    assert process.returncode == 0
