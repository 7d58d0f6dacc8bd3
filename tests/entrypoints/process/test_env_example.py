"""`.env.example` at the top of the repository."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from entrypoints.process.settings import PREFIX, Settings

FILE = Path(__file__).parents[3] / ".env.example"
_VARIABLE = re.compile(rf"# ({PREFIX}[A-Z_]+)=(.*)")


def _paragraphs() -> list[list[str]]:
    return [text.splitlines() for text in FILE.read_text("utf-8").strip().split("\n\n")]


def _named(lines: Sequence[str]) -> list[str]:
    return [match[1] for line in lines if (match := _VARIABLE.fullmatch(line))]


def test_it_names_exactly_the_settings_once_each() -> None:
    named = _named(FILE.read_text("utf-8").splitlines())

    assert named == [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]


def test_a_made_up_setting_would_be_noticed() -> None:
    assert _named(["# SWIFTCRM_MADE_UP=1", "#SWIFTCRM_TOO_CLOSE=1"]) == ["SWIFTCRM_MADE_UP"]


def test_every_line_is_a_comment() -> None:
    lines = [line for paragraph in _paragraphs() for line in paragraph]

    assert all(line.startswith("#") for line in lines)


def test_every_setting_is_explained_above_it() -> None:
    for paragraph in _paragraphs()[1:]:
        assert len(_named(paragraph)) == 1
        assert _named(paragraph[-1:])
        assert len(paragraph) >= 2


def test_its_values_are_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    defaults = Settings()
    lines = FILE.read_text("utf-8").splitlines()
    uncommented = [line.removeprefix("# ") for line in lines if _VARIABLE.fullmatch(line)]

    (tmp_path / ".env").write_text("\n".join(uncommented))

    assert Settings() == defaults
    assert Settings().model_fields_set == set(Settings.model_fields)
