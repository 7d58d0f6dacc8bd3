"""The core names no command and no setting of the program: entrypoints say those."""

import ast
import re

import pytest

from tests.architecture.source import ROOT, files

CORE = ("domain", "application", "adapters")
TARGETS = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
NAMED = re.compile(
    r"swiftcrm [a-z]\w*"  # a command
    r"|SWIFTCRM_\w*"  # a variable
    r"|(?<![\w-])--[a-z][\w-]*"  # an option
    rf"|`make (?:{'|'.join(TARGETS)})`"
    r"|(?<![\w/.])docs/[\w-]+\.md"
)


def _named(text: str) -> list[str]:
    """
    What the code *text* names, in docstrings and comments too, that only a command line has.

    A sentence may be broken into lines, and a string be written in several parts.
    """
    constants = [n.value for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Constant)]
    texts = [text, *(one for one in constants if isinstance(one, str))]
    return [name for one in texts for name in NAMED.findall(" ".join(one.split()))]


@pytest.mark.parametrize("layer", CORE)
def test_the_core_names_no_command_and_no_variable(layer: str) -> None:
    found = {path: _named(path.read_text("utf-8")) for path in files(layer)}

    named = {str(path.relative_to(ROOT)): names for path, names in found.items() if names}
    assert named == {}, "give a code of domain.errors.AdviceCode, with its sentence in cli/messages"


@pytest.mark.parametrize(
    "line",
    [
        'raise NotFound("`swiftcrm key list` shows them.")',
        '"""Whoever asks gets `swiftcrm\nheld list`."""',
        'text = ("See swiftcrm" " held list")',
        '"""As in `swiftcrm channel set PROJECT`."""',
        "# Set SWIFTCRM_SECRET_KEY first.",
        'text = f"{PREFIX} SWIFTCRM_"',
        '"With --replace it is put aside."',
        "# `make test` says so",
        '" docs/backup.md says how."',
    ],
)
def test_a_command_or_a_variable_would_be_noticed(line: str) -> None:
    assert _named(line)


@pytest.mark.parametrize(
    "line",
    [
        'log = structlog.get_logger("swiftcrm.store")',
        'DEFAULT_DATABASE = "swiftcrm"',
        '"""Two calls make two leads -- that is how it is."""',
        "# https://developers.facebook.com/docs/whatsapp/cloud-api",
        'name = "SwiftCRM sample"',
    ],
)
def test_what_only_looks_like_one_is_let_through(line: str) -> None:
    assert _named(line) == []


def test_all_of_the_core_is_looked_at() -> None:
    assert {path.relative_to(ROOT / "src").parts[0] for path in files(*CORE)} == set(CORE)
    assert "test" in TARGETS
