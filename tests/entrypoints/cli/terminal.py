"""What a person sees on a terminal."""

import io
import os
import pty
from typing import TextIO

END = "end of the test"


class Terminal:
    """A terminal, and what a person sees on it."""

    def __init__(self) -> None:
        self._master, slave = pty.openpty()
        self.stream = os.fdopen(slave, "w")

    def seen(self) -> str:
        self.stream.write(END)
        self.stream.close()
        text = b""
        while not text.endswith(END.encode()):  # it arrives piece by piece
            text += os.read(self._master, 10_000)
        os.close(self._master)
        return text.decode().removesuffix(END)


def no_terminal() -> TextIO:
    """A stream that leads into a file."""
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
