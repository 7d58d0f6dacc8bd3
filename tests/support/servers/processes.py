"""Processes of a test's own: stopped and let go on, and a port for each."""

import os
import signal
import socket
import subprocess
from typing import Any


def freeze(process: "subprocess.Popen[Any]") -> None:
    """SIGSTOP: ports still accept connections, and nothing answers once this returns."""
    assert process.poll() is None, "it has ended already"
    process.send_signal(signal.SIGSTOP)
    # A signal takes its time: till then, threads on another processor go on.
    _, status = os.waitpid(process.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)


def thaw(process: "subprocess.Popen[Any]") -> None:
    """It goes on where it was stopped."""
    process.send_signal(signal.SIGCONT)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
