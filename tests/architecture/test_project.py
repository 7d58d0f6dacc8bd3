"""What the repository as a whole keeps to."""

import re
import sys
import tomllib
from importlib.metadata import entry_points, packages_distributions
from pathlib import Path, PurePosixPath

import pytest
from hatchling.builders.wheel import WheelBuilder

from entrypoints.cli.app import DISTRIBUTION
from entrypoints.process.main import main
from tests.architecture.source import LAYERS, ROOT, SOURCE, files, imported

MOST_LINES = 400
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def _strangers() -> dict[str, set[str]]:
    """Distributions of others that own one of our import names."""
    owners = packages_distributions()
    found = {name: set(owners.get(name, ())) - {DISTRIBUTION} for name in LAYERS}
    return {name: distributions for name, distributions in found.items() if distributions}


def _too_long(path: Path) -> bool:
    return len(path.read_text("utf-8").splitlines()) > MOST_LINES


def test_nobody_else_owns_our_import_names() -> None:
    assert _strangers() == {}


@pytest.mark.parametrize("name", LAYERS)
def test_another_owner_of_a_name_would_be_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    metadata = tmp_path / "stranger-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger\nVersion: 1\n")
    (metadata / "RECORD").write_text(f"{name}/__init__.py,,\n")
    monkeypatch.syspath_prepend(tmp_path)

    assert _strangers() == {name: {"stranger"}}


@pytest.mark.parametrize("layer", LAYERS)
def test_no_file_is_longer_than_a_person_reads(layer: str) -> None:
    assert [str(path.relative_to(ROOT)) for path in files(layer) if _too_long(path)] == []


def test_a_file_that_is_too_long_would_be_noticed(tmp_path: Path) -> None:
    path = tmp_path / "long.py"
    path.write_text("x = 1\n" * (MOST_LINES + 1))

    assert _too_long(path)


@pytest.mark.parametrize("top", ["src", "tests"])
def test_every_folder_of_python_is_a_package(top: str) -> None:
    folders = {path.parent for path in (ROOT / top).rglob("*.py")} - {SOURCE}

    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_every_package_of_the_source_says_what_it_is() -> None:
    packages = [path for path in files(*LAYERS) if path.name == "__init__.py"]

    assert [str(path) for path in packages if not path.read_text("utf-8").startswith('"""')] == []


CONTRACT = set(files("entrypoints/channel_contract"))
EXTRA = PYPROJECT["project"]["optional-dependencies"]["contract"]


@pytest.mark.parametrize(
    ("paths", "more"),
    [(set(files(*LAYERS)) - CONTRACT, []), (CONTRACT, EXTRA)],
    ids=["service", "contract"],
)
def test_every_library_that_is_imported_is_declared(paths: set[Path], more: list[str]) -> None:
    used = {name for path in paths for name in imported(path.read_text("utf-8"))}
    used -= {*LAYERS, *sys.stdlib_module_names}
    used -= {"uvloop"}  # brought by Sanic where the platform has it, and not needed
    owners = {
        name: {d.lower().replace("_", "-") for d in distributions}
        for name, distributions in packages_distributions().items()
    }
    dependencies = [*PYPROJECT["project"]["dependencies"], *more]
    declared = {re.split(r"[^a-z0-9-]", d)[0] for d in dependencies}

    assert used
    assert {name for name in used if not owners[name] & declared} == set()


def test_what_the_kit_needs_is_tried_with_the_versions_that_it_names() -> None:
    assert set(EXTRA) <= {d for d in PYPROJECT["dependency-groups"]["dev"] if isinstance(d, str)}


def test_the_wheel_has_all_layers() -> None:
    built = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]

    assert built == [f"src/{layer}" for layer in LAYERS]
    assert {path.name for path in SOURCE.iterdir() if path.is_dir()} - {"__pycache__"} == set(
        LAYERS
    )


def test_the_wheel_has_every_file_of_the_source_also_what_is_not_python() -> None:
    builder = WheelBuilder(str(ROOT))
    built = {file.distribution_path for file in builder.recurse_included_files()}
    there = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert {PurePosixPath(path).suffix for path in there} >= {".py", ".html", ".css", ".js"}
    assert there - built == set()


def test_the_command_is_the_program() -> None:
    [script] = entry_points(group="console_scripts", name="swiftcrm")

    assert PYPROJECT["project"]["scripts"] == {"swiftcrm": script.value}
    assert script.load() is main


def test_the_changelog_has_a_place_for_what_comes_next() -> None:
    headings = [
        line
        for line in (ROOT / "CHANGELOG.md").read_text("utf-8").splitlines()
        if line.startswith("## ")
    ]

    assert headings[0] == "## [Unreleased]"
