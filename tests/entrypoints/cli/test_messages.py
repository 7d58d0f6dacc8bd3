"""Every code that the core gives has its sentence, with all that the sentence names."""

import ast
import errno
from collections.abc import Iterator, Mapping
from string import Formatter

import pytest

from domain.errors import Advice, AdviceCode, NotFound
from domain.held import CODES, LINES
from entrypoints.cli.channels.hops import HOPS
from entrypoints.cli.messages import (
    ADVICE,
    HELD,
    LISTENING,
    advised,
    cannot_listen,
    held_advice,
    message_of,
)
from entrypoints.http.connection.server import CannotListen
from tests.architecture.source import LAYERS, files

Given = tuple[str, frozenset[str]]
"""A code, and the names of the data that are given with it."""


def _given(text: str) -> Iterator[Given]:
    """What each `Advice(AdviceCode.X, {"name": …})` in *text* gives."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Call(func=ast.Name(id="Advice"), args=[code, *data]):
                names = {key.value for one in data for key in one.keys}  # type: ignore[attr-defined]
                yield ast.unparse(code).removeprefix("AdviceCode."), frozenset(names)


def _named(sentences: Mapping[AdviceCode, str]) -> set[Given]:
    """The code of each sentence, and the names that stand in it."""
    return {
        (code.name, frozenset(name for _, name, _, _ in Formatter().parse(text) if name))
        for code, text in sentences.items()
    }


def test_every_code_has_a_sentence_and_every_sentence_a_code() -> None:
    assert set(ADVICE) == set(AdviceCode)


def test_every_code_is_given_with_the_data_that_its_sentence_names() -> None:
    given = {found for path in files(*LAYERS) for found in _given(path.read_text("utf-8"))}

    assert given == _named(ADVICE)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("Advice(AdviceCode.MAKE_ROOM)", "Make room on {disk}."),
        ("Advice(AdviceCode.MAKE_ROOM, {'disk': d})", "Make room."),
        ("Advice(AdviceCode.MAKE_ROOM, {'disk': d, 'more': m})", "Make room on {disk}."),
        ("Advice(AdviceCode.FINISH_RESTORE, {'disk': d})", "Make room on {disk}."),
    ],
)
def test_data_that_no_sentence_names_or_that_lack_would_be_noticed(
    line: str, sentence: str
) -> None:
    assert set(_given(line)) != _named({AdviceCode.MAKE_ROOM: sentence})


def test_every_reason_to_hold_or_to_leave_a_line_has_a_sentence_and_no_other_has() -> None:
    assert set(HELD) == {*CODES, *LINES}


def test_what_a_newer_program_holds_can_be_looked_at() -> None:
    assert "swiftcrm held show" in held_advice("NEW")


@pytest.mark.parametrize(
    "sentence", [*ADVICE.values(), *HELD.values(), *HOPS.values(), *LISTENING.values()]
)
def test_a_sentence_is_one_line_that_ends(sentence: str) -> None:
    assert sentence.splitlines() == [sentence]
    assert sentence.endswith(".")
    assert "  " not in sentence


@pytest.mark.parametrize(
    ("host", "by_make", "line"),
    [
        ("127.0.0.1", True, "`make run PORT=8001`"),
        ("0.0.0.0", True, "`make run HOST=0.0.0.0 PORT=8001`"),
        ("127.0.0.1", False, "`swiftcrm serve --port 8001`"),
        ("::1", False, "`swiftcrm serve --host ::1 --port 8001`"),
    ],
)
@pytest.mark.parametrize("number", [errno.EADDRINUSE, errno.EACCES])
def test_a_port_that_cannot_be_had_is_answered_with_the_line_to_type(
    number: int, host: str, by_make: bool, line: str
) -> None:
    told = cannot_listen(CannotListen(host, 8000, OSError(number, "no"), 8001), by_make=by_make)

    assert told.endswith(f"{line}.")
    assert ("root" in told) is (number == errno.EACCES)


def test_an_address_of_another_machine_is_told_from_a_port_in_use() -> None:
    cause = OSError(errno.EADDRNOTAVAIL, "Cannot assign requested address")
    told = cannot_listen(CannotListen("192.0.2.1", 8000, cause), by_make=True)

    assert "192.0.2.1, port 8000: Cannot assign requested address" in told
    assert "address of this machine" in told


def test_a_failure_is_told_with_all_its_advice_and_others_as_they_are() -> None:
    option = Advice(AdviceCode.LEAVE_OPTION_OUT, {"option": "w"})
    make = Advice(AdviceCode.MAKE_STORE)
    error = NotFound("There is none.", option, make)

    assert message_of(error) == f"There is none. {advised([option])} {advised([make])}"
    assert message_of(NotFound("There is none.")) == "There is none."
    assert message_of(ValueError("It is odd.")) == "It is odd."
