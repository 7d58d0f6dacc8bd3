"""Modules outside the repository, and what is said when channels cannot be loaded."""

import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from entrypoints.channels.loading import load_channels
from entrypoints.process.settings import ConfigurationError

CHANNEL = """
from adapters.whatsapp import WhatsAppChannel

class Channel(WhatsAppChannel):
    name = {name!r}

def factory():
    return Channel()
"""
_numbers = count(1)

Module = Callable[[str], str]


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Module]:
    """Makes a module outside the repository; its name."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(tmp_path)

    def make(source: str) -> str:
        package = f"outside{next(_numbers)}"
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
        (tmp_path / package / "leads.py").write_text(source)
        return f"{package}.leads"

    yield make
    for name in set(sys.modules) - before:
        del sys.modules[name]


def refusal(*words: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        load_channels(words)
    return str(caught.value)
