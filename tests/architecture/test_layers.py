"""Who imports whom, and that each contract of import-linter can be broken."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.source import LAYERS, ROOT, SOURCE, files, imported, module_name

CONFIGURATION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CONTRACTS = {
    contract["name"]: contract for contract in CONFIGURATION["tool"]["importlinter"]["contracts"]
}
LINTER = Path(sys.executable).with_name("lint-imports")

BREAKERS = {
    "inner layers do not know outer ones": [
        ("domain/lead.py", "import application.projects.find"),
        ("application/projects/find.py", "from adapters.sqlite import SqliteDatabase"),
        ("adapters/system/clock.py", "import entrypoints.process.settings"),
    ],
    "the domain imports the standard library alone, the application only the domain": [
        ("domain/lead.py", "import pydantic"),
        ("application/projects/find.py", "import structlog"),
        ("application/ports/clock.py", "def f():\n    import orjson"),
    ],
    "adapters know ports, not use cases": [
        ("adapters/system/clock.py", "from application.projects.find import FindProject"),
        ("adapters/sqlite/connection/moments.py", "import application.capture.lead_writer"),
    ],
    "adapters do not know each other": [
        ("adapters/whatsapp/reading.py", "from adapters.sqlite.connection import moments"),
        ("adapters/system/clock.py", "import adapters.inprocess"),
        ("adapters/channel_tools/sent_json.py", "import adapters.whatsapp"),
        ("adapters/whatsapp/reading.py", "import adapters.store_tools"),
    ],
    "adapters do not know the web framework": [
        ("adapters/whatsapp/channel.py", "from sanic import Request"),
        ("adapters/sqlite/connection/database.py", "import typer"),
    ],
    "what serves does not know the channel contract, nor what only tests need": [
        ("entrypoints/channels/loading.py", "import entrypoints.channel_contract"),
        ("adapters/whatsapp/channel.py", "import hypothesis"),
        ("entrypoints/cli/channels/commands.py", "def f():\n    import pytest"),
    ],
    "the rooms of the application have an order": [
        ("application/capture/capture_lead.py", "import application.held.hold"),
        ("application/channels/route_item.py", "import application.capture.admit_call"),
        ("application/ports/clock.py", "import application.process.write_behind"),
    ],
    "the container alone imports adapters": [
        ("entrypoints/channels/loading.py", "import adapters.whatsapp"),
        ("entrypoints/channel_contract/service.py", "import adapters.sqlite"),
        ("entrypoints/cli/keys.py", "from adapters.system import SystemClock"),
        ("entrypoints/console/frame/visit.py", "import adapters.sqlite"),
        ("entrypoints/exports/table.py", "import adapters.sqlite"),
        ("entrypoints/http/leads/lead_calls.py", "import adapters.sqlite"),
        ("entrypoints/process/settings.py", "def f():\n    from adapters.fernet import x"),
    ],
    "the console does not know the command line": [
        ("entrypoints/console/words.py", "from entrypoints.cli.messages import ADVICE"),
        ("entrypoints/console/pages/users/users.py", "import typer"),
    ],
    "an export does not know who asks for it": [
        ("entrypoints/exports/wide.py", "from entrypoints.cli.output import hint"),
        ("entrypoints/exports/csv_format.py", "import typer"),
    ],
}
CASES = [(name, file, line) for name, cases in BREAKERS.items() for file, line in cases]

_SECTION = re.compile(r"^(.+)\n-{3,}$", re.MULTILINE)


def _lint(source: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINTER, "--config", ROOT / "pyproject.toml", "--no-cache"],
        cwd=source,
        env={"PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def _entrypoints() -> set[str]:
    found = (SOURCE / "entrypoints").glob("*/__init__.py")
    return {f"entrypoints.{path.parent.name}" for path in found}


@pytest.fixture(scope="module")
def noticed(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str, str]]:
    """Those of CASES that the linter finds where all of them stand in the source at once."""
    source = _copied(tmp_path_factory.mktemp("broken"))
    lines = {}
    for _, file, line in CASES:
        text = f"{(source / file).read_text('utf-8')}\n{line}\n"
        (source / file).write_text(text, "utf-8")
        lines[file, line] = len(text.splitlines())
    _, *said = _SECTION.split(_lint(source).stdout.partition("Broken contracts")[2])
    of_contract = dict(zip(said[::2], said[1::2], strict=True))
    return {
        (name, file, line)
        for name, file, line in CASES
        if _is_said(of_contract.get(name, ""), file, lines[file, line])
    }


def _is_said(text: str, file: str, line: int) -> bool:
    module = file.removesuffix(".py").replace("/", ".")
    return bool(re.search(rf"{module} -> \S+ \(.*\bl\.{line}\b", text))


def _copied(folder: Path) -> Path:
    shutil.copytree(SOURCE, folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    return folder / "src"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return _copied(tmp_path)


def _foreign(text: str, allowed: set[str]) -> set[str]:
    return imported(text) - allowed - sys.stdlib_module_names


@pytest.mark.parametrize(
    ("layer", "inner"), [("domain", {"domain"}), ("application", {"application", "domain"})]
)
def test_inner_layers_import_the_standard_library_and_themselves(
    layer: str, inner: set[str]
) -> None:
    foreign = {module_name(path): _foreign(path.read_text("utf-8"), inner) for path in files(layer)}

    assert {name: found for name, found in foreign.items() if found} == {}


@pytest.mark.parametrize(
    "line",
    [
        "import pydantic",
        "from sanic.response import text",
        "import json, orjson",
        "def f():\n    import motor",
        "if x:\n    from adapters import sqlite",
        "from . import lead",
    ],
)
def test_a_foreign_import_would_be_noticed(line: str) -> None:
    assert _foreign(line, {"domain"})


def test_every_contract_is_kept(copy: Path) -> None:
    done = _lint(copy)

    assert done.returncode == 0, done.stdout
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in done.stdout


def test_every_contract_has_a_line_that_breaks_it() -> None:
    assert set(BREAKERS) == set(CONTRACTS)


@pytest.mark.parametrize(("name", "file", "line"), CASES, ids=lambda text: text[:30])
def test_a_contract_notices_the_import_that_breaks_it(
    noticed: set[tuple[str, str, str]], name: str, file: str, line: str
) -> None:
    assert (name, file, line) in noticed


def test_a_module_of_a_new_adapter_is_held_to_the_contracts(copy: Path) -> None:
    new = copy / "adapters" / "telegram"
    new.mkdir()
    (new / "__init__.py").write_text("import adapters.sqlite\nimport application.projects.find\n")

    done = _lint(copy)

    assert "adapters do not know each other BROKEN" in done.stdout
    assert "adapters know ports, not use cases BROKEN" in done.stdout


def test_every_room_beside_the_container_is_held_to_its_contract() -> None:
    held = set(CONTRACTS["the container alone imports adapters"]["source_modules"])

    assert held == _entrypoints() - {"entrypoints.container"}


def test_everything_but_the_channel_contract_is_kept_from_it() -> None:
    contract = CONTRACTS["what serves does not know the channel contract, nor what only tests need"]
    rooms = _entrypoints() - {"entrypoints.channel_contract"}

    assert set(contract["source_modules"]) == {*LAYERS, *rooms} - {"entrypoints"}


def test_every_library_is_forbidden_to_the_inner_layers() -> None:
    name = "the domain imports the standard library alone, the application only the domain"
    forbidden = set(CONTRACTS[name]["forbidden_modules"])
    used = {
        found
        for layer in LAYERS
        for path in files(layer)
        for found in _foreign(path.read_text("utf-8"), set(LAYERS))
    }

    assert used - forbidden == set()
