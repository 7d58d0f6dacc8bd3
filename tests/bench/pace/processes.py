"""The processes that are measured, and what they have used (proc(5))."""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from tests.support.servers.processes import free_port

START_TIMEOUT_SECONDS = 30.0


@contextmanager
def program(
    folder: Path, command: Sequence[str], environment: Mapping[str, str] = {}
) -> Iterator[tuple[int, int]]:
    """
    A program that serves HTTP on a port of its own; that port, and its process.

    `PORT` in *command* becomes the port. It logs to a file, as under a supervisor: to read the log
    meanwhile would cost the machine that is measured.
    """
    port = free_port()
    named = [str(port) if one == "PORT" else one for one in command]
    path = folder / f"{port}.log"
    with path.open("wb") as log:
        process = subprocess.Popen(
            named, env=environment or None, cwd=folder, stdout=log, stderr=log
        )
    try:
        _wait_until_it_listens(port, process, path)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def _wait_until_it_listens(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.02)
        else:
            return
        finally:
            connection.close()
    raise SystemExit(f"it does not serve: {log.read_text(errors='replace')[-2000:]}")


def processor_seconds(process_id: int) -> float:
    """What it has used so far, in its own code and in the kernel."""
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mib(process_id: int) -> float:
    """The memory that it has now."""
    return _mib(process_id, "VmRSS:") or 0.0


def most_resident_mib(process_id: int) -> float | None:
    """The most memory that it has had so far; None once it has ended."""
    return _mib(process_id, "VmHWM:")


def _mib(process_id: int, name: str) -> float | None:
    status = Path(f"/proc/{process_id}/status").read_text()
    _, found, rest = status.partition(name)
    return int(rest.split()[0]) / 1024 if found else None
