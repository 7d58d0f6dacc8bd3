"""A command line over a store of the test's own, and a project in it."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.entrypoints.cli.command_line import CommandLine
from tests.entrypoints.cli.leads.held_calls import for_the_plan, unreadable


def _over(database: Path, environment: pytest.MonkeyPatch) -> CommandLine:
    """The commands, without settings of a developer's own."""
    for name in [name for name in os.environ if name.startswith("SWIFTCRM_")]:
        environment.delenv(name)
    environment.delenv("COLUMNS", raising=False)
    environment.setenv("SWIFTCRM_DATABASE_URL", f"sqlite:///{database}")
    return CommandLine(database, environment)


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The commands over a store that is not there yet."""
    monkeypatch.chdir(tmp_path)
    return _over(tmp_path / "store" / "leads.db", monkeypatch)


@pytest.fixture(scope="session")
def store_of_acme(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A store with one project, made once, and what `project create` printed."""
    folder = tmp_path_factory.mktemp("acme")
    with pytest.MonkeyPatch.context() as environment:
        environment.chdir(folder)
        made = _over(folder / "leads.db", environment).json("project", "create", "Acme Ltd")
    return folder / "leads.db", made


@pytest.fixture
def acme(cli: CommandLine, store_of_acme: tuple[Path, Any]) -> dict[str, Any]:
    """What `project create "Acme Ltd"` printed; the store of `cli` has it."""
    store, made = store_of_acme
    cli.database.parent.mkdir()
    shutil.copy(store, cli.database)
    return dict(made)


@pytest.fixture
def held(cli: CommandLine, acme: dict[str, Any]) -> list[str]:
    """The ids of what Acme holds: one that could not be read, then two for the plan."""
    project_id = acme["project_id"]
    calls = [unreadable(project_id), for_the_plan(project_id, 1), for_the_plan(project_id, 2)]
    cli.hold(*calls)
    return [call.held_id for call in calls]
