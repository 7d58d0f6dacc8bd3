"""
The look and the script of the console, and its icon.

The name of each has a hash of its content in it: a browser keeps it for a year, and asks for
another name once it is another file.
A style sheet is served without what only we read in it: comments, and the space between its parts.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from sanic import HTTPResponse, raw

from domain.users.refusals import NotThere
from entrypoints.console.frame.answers import HEADERS
from entrypoints.console.frame.rules import Rule
from entrypoints.http.request import Request

FOLDER = Path(__file__).parents[1] / "static"
KINDS: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
FOR_A_YEAR = "public, max-age=31536000, immutable"
_HASH_LENGTH = 12
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_STRING_OR_GAP = re.compile(r"""("[^"]*")|\s*([{};,])\s*""")


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file, under the name by which a browser asks for it."""

    name: str
    content: bytes
    media_type: str


def _stripped(css: str) -> str:
    return _STRING_OR_GAP.sub(r"\1\2", _COMMENT.sub("", css)).strip()


def _read(path: Path) -> StaticFile:
    content = path.read_bytes()
    if path.suffix == ".css":
        content = _stripped(content.decode()).encode()
    mark = sha256(content).hexdigest()[:_HASH_LENGTH]
    return StaticFile(f"{path.stem}.{mark}{path.suffix}", content, KINDS[path.suffix])


def static_files(folder: Path = FOLDER) -> Mapping[str, StaticFile]:
    """Each file of *folder* by its name there, read once."""
    return {path.name: _read(path) for path in sorted(folder.iterdir()) if path.suffix in KINDS}


class StaticFiles:
    """The static files. Nobody is asked who it is: pages look well while the store is away, too."""

    rule = Rule.NOBODY

    def __init__(self, files: Iterable[StaticFile]) -> None:
        self._files = {file.name: file for file in files}

    async def __call__(self, request: Request, name: str) -> HTTPResponse:  # noqa: ARG002  Sanic's
        """
        The file of this name.

        Raises:
            NotThere: There is none, or not any more.
        """
        if name not in self._files:
            raise NotThere
        file = self._files[name]
        headers = {**HEADERS, "Cache-Control": FOR_A_YEAR}
        return raw(file.content, HTTPStatus.OK, headers, file.media_type)
