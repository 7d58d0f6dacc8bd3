"""
The programs of `examples`, which send a lead.

They are shown as the tests run them; only the address, which a program reads from a variable and
names in a comment, and a page has in a line, is this installation's.
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
_OTHER_ADDRESSES = ("http://127.0.0.1:8000", "https://leads.example.com")
"""How they name the service: the programs in a comment, the page in a line."""


@dataclass(frozen=True, slots=True)
class Program:
    """
    A program that makes one lead.

    Attributes:
        title: What people call its language.
        run_by: The command that runs a file of it; None for a page, which a browser opens.
    """

    title: str
    file: str
    run_by: str | None

    def text(self, address: str) -> str:
        """All of it."""
        text = (FOLDER / self.file).read_text("utf-8")
        for other in _OTHER_ADDRESSES:
            text = text.replace(other, address)
        return text.replace(f"examples/{self.file}", self.file)

    def run(self, address: str) -> str | None:
        """The line that runs it; None for a page."""
        if self.run_by is None:
            return None
        variables = f"SWIFTCRM_URL={shlex.quote(address)} SWIFTCRM_API_KEY={PLACEHOLDER}"
        return f"{variables} {self.run_by} {self.file}"


PROGRAMS: Mapping[str, Program] = MappingProxyType(
    {
        "curl": Program("curl", "curl.sh", "sh"),
        "javascript": Program("JavaScript", "node.mjs", "node"),
        "php": Program("PHP", "php.php", "php"),
        "python": Program("Python", "python.py", "python3"),
        "html": Program("HTML page", "page.html", None),
    }
)
"""By the end of the address of its page, in the order of the tabs."""
