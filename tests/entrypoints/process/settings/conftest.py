"""Settings under the variables that a test gives, and no others."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from entrypoints.process.settings import Settings, load_settings

Given = Callable[..., Settings]


@pytest.fixture(autouse=True)
def _nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("SWIFTCRM_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Given:
    """The settings under these variables."""

    def settings(**variables: str) -> Settings:
        for name, value in variables.items():
            monkeypatch.setenv(f"SWIFTCRM_{name.upper()}", value)
        return load_settings()

    return settings
