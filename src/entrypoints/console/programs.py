"""
The programs of `examples`, which send a lead.

They are shown as the tests run them; only the address, which they read from a variable and name in
a comment, is this installation's.
"""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from entrypoints.console.lines import PLACEHOLDER

_INSTALLED = Path(__file__).parent / "examples"
_IN_THE_REPOSITORY = Path(__file__).parents[3] / "examples"
FOLDER = _INSTALLED if _INSTALLED.is_dir() else _IN_THE_REPOSITORY
_ANOTHER_ADDRESS = "http://127.0.0.1:8000"
"""How the programs name the service in a comment."""


@dataclass(frozen=True, slots=True)
class Program:
    """
    A program that makes one lead.

    Attributes:
        title: What people call its language.
        run_by: The command that runs a file of it.
    """

    title: str
    file: str
    run_by: str

    def text(self, address: str) -> str:
        """All of it."""
        text = (FOLDER / self.file).read_text("utf-8")
        return text.replace(_ANOTHER_ADDRESS, address).replace(f"examples/{self.file}", self.file)

    def run(self, address: str) -> str:
        """The line that runs it."""
        variables = f"SWIFTCRM_URL={shlex.quote(address)} SWIFTCRM_API_KEY={PLACEHOLDER}"
        return f"{variables} {self.run_by} {self.file}"


PROGRAMS: Mapping[str, Program] = MappingProxyType(
    {
        "curl": Program("curl", "curl.sh", "sh"),
        "javascript": Program("JavaScript", "node.mjs", "node"),
        "php": Program("PHP", "php.php", "php"),
        "python": Program("Python", "python.py", "python3"),
    }
)
"""By the end of the address of its page, in the order of the tabs."""
