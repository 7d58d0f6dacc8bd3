"""What all pages have in common: they point to what is there, and the README to all of them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.errors import StorageUnavailable
from domain.refusals import Refusal
from entrypoints.http.statuses import CODES
from tests.architecture.source import LAYERS, ROOT, SOURCE
from tests.entrypoints.cli.test_help import COMMANDS

README = (ROOT / "README.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
SENDING_LEADS = (ROOT / "docs" / "sending-leads.md").read_text("utf-8")
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]
)
PRESENT = [page for page in PAGES if page.name != "CHANGELOG.md"]
"""The changelog names what was, too."""
TO_BE_MADE = {
    "src/tally_channel/__init__.py",
    "tests/test_tally.py",
    "src/adapters/tally",
    "tests/adapters/tally",
}
"""What a page tells its reader to make."""

_LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)#?([^)\s]*)\)")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
_PATH = re.compile(rf"`((?:src|tests|docs|examples|{'|'.join(LAYERS)})/[\w./-]*\w)/?`")
_MODULE = re.compile(rf"`((?:{'|'.join(LAYERS)})(?:\.\w+)+)`")


def _anchor(heading: str) -> str:
    """As GitHub makes it of a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def _dead_links(page: Path, text: str) -> Iterator[str]:
    for target, anchor in _LINK.findall(text):
        found = (page.parent / target).resolve() if target else page
        if not found.exists():
            yield target
        elif anchor and anchor not in map(_anchor, _HEADING.findall(found.read_text("utf-8"))):
            yield f"{target}#{anchor}"


def _missing_files(text: str) -> set[str]:
    named = set(_PATH.findall(text)) - TO_BE_MADE
    return {name for name in named if not any((top / name).exists() for top in (ROOT, SOURCE))}


def _missing_modules(text: str) -> set[str]:
    return {name for name in _MODULE.findall(text) if not _is_module(name)}


def _is_module(name: str) -> bool:
    path = SOURCE / name.replace(".", "/")
    return path.is_dir() or path.with_suffix(".py").exists()


def _make_targets() -> list[str]:
    return re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def _codes() -> set[str]:
    """The codes of all answers with an error status; the refusals are those of the source."""
    refusals = {
        kind.code for kind in Refusal.__subclasses__() if kind.__module__ == "domain.refusals"
    }
    return refusals | {code for code, _ in CODES.values()} | {StorageUnavailable.code}


def _rooms() -> list[Path]:
    return [path.parent for layer in LAYERS for path in (SOURCE / layer).glob("*/__init__.py")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert list(_dead_links(page, page.read_text("utf-8"))) == []


@pytest.mark.parametrize("page", PRESENT, ids=lambda page: page.name)
def test_every_file_and_module_that_is_named_is_there(page: Path) -> None:
    text = page.read_text("utf-8")

    assert _missing_files(text) == set()
    assert _missing_modules(text) == set()


def test_what_is_not_there_would_be_noticed() -> None:
    links = "[a](docs/nothing.md) [b](SECURITY.md#nothing) [c](SECURITY.md#webhooks)"

    assert list(_dead_links(ROOT / "README.md", links)) == [
        "docs/nothing.md",
        "SECURITY.md#nothing",
    ]
    assert _missing_files("`src/nothing.py` `domain/nothing.py` `domain/lead.py`") == {
        "src/nothing.py",
        "domain/nothing.py",
    }
    assert _missing_modules("`domain.nothing` `domain.lead`") == {"domain.nothing"}


def test_the_readme_has_every_command() -> None:
    named = set(re.findall(r"^\| `swiftcrm ((?:[a-z]+ ?)+)", README, re.MULTILINE))

    assert {name.strip() for name in named} == {" ".join(path) for path in COMMANDS}


def test_the_readme_has_every_target_of_make() -> None:
    targets = set(_make_targets()) - {"help"}

    assert len(targets) > 5
    assert {name for name in targets if f"`make {name}`" not in README} == set()


def test_whoever_sends_leads_finds_every_code_with_what_to_do() -> None:
    rows = re.findall(r"^\| [0-9, ]+ \| (.*?) \| .", SENDING_LEADS, re.MULTILINE)

    assert len(_codes()) > 15
    assert _codes() - {code for row in rows for code in re.findall(r"`(\w+)`", row)} == set()


def test_the_readme_leads_to_every_page() -> None:
    pages = [str(page.relative_to(ROOT)) for page in PAGES if page.parent != ROOT / "docs/adr"]

    without_link = [name for name in pages if f"({name}" not in README]
    assert without_link == ["README.md", "examples/telegram_channel/README.md"]


def test_contributing_shows_every_room() -> None:
    rooms = {str(path.relative_to(SOURCE)) for path in _rooms()}
    shown = {
        room
        for room in rooms
        if f"`{room}`" in CONTRIBUTING or f"`{room.partition('/')[2]}`" in CONTRIBUTING
    }
    assert rooms - shown == set()
