"""Ports are small and documented, adapters inherit them, contracts test them all."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from application.ports.lead_channel import LeadChannel
from entrypoints.process.settings import BUILT_IN_CHANNELS
from tests.architecture.source import ROOT, adapters_of, port_methods, ports

CONTRACTS = (ROOT / "tests" / "contracts", ROOT / "src" / "entrypoints" / "channel_contract")
"""Ours, and those that ship because others subclass them."""
MOST_METHODS = 5
OPTIONAL = {(LeadChannel, "authenticate_head")}
"""What an adapter may leave to the port: it refuses nothing by itself."""
PAIRS = [(port, adapter) for port in ports() for adapter in adapters_of(port)]


def _name(value: object) -> str:
    return getattr(value, "__name__", str(value))


def _port_file(port: type) -> str:
    return port.__module__.rpartition(".")[2]


@dataclass(frozen=True)
class TestClass:
    """A class of a test file, with what its file mentions."""

    __test__ = False

    name: str
    bases: frozenset[str]
    mentioned: frozenset[str]


@cache
def _test_classes() -> tuple[TestClass, ...]:
    return tuple(_found_classes())


def _found_classes() -> Iterator[TestClass]:
    for path in sorted((ROOT / "tests").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        mentioned = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        mentioned |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                bases = {
                    b.id if isinstance(b, ast.Name) else getattr(b, "attr", "") for b in node.bases
                }
                yield TestClass(node.name, frozenset(bases), frozenset(mentioned))


def _contracts(file: Path) -> set[str]:
    tree = ast.parse(file.read_text("utf-8"))
    names = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    return {name for name in names if name.endswith("Contract")}


def _contract(port: type) -> set[str]:
    """The one contract that counts: parts of it prove less."""
    found = [path for folder in CONTRACTS for path in folder.rglob(f"{_port_file(port)}.py")]
    contracts = {name for path in found for name in _contracts(path)}
    return {name for name in contracts if name.endswith(f"{port.__name__}Contract")}


def _is_tested(adapter: str, contracts: set[str], tests: Sequence[TestClass]) -> bool:
    """Whether a class on one of the contracts is named after it, or in a file that names it."""
    return any(
        test.name.startswith("Test")
        and test.bases & contracts
        and (adapter in test.mentioned or test.name == f"Test{adapter}")
        for test in tests
    )


def test_there_is_a_port_in_every_file_of_ports() -> None:
    stems = {path.stem for path in (ROOT / "src/application/ports").glob("*.py")} - {"__init__"}

    assert {_port_file(port) for port in ports()} == stems
    assert len(ports()) == len(stems)


@pytest.mark.parametrize("port", ports(), ids=_name)
def test_a_port_is_named_after_its_file(port: type) -> None:
    assert re.sub(r"(?<!^)(?=[A-Z])", "_", port.__name__).lower() == _port_file(port)


@pytest.mark.parametrize("port", ports(), ids=_name)
def test_a_port_is_abstract_small_and_documented(port: type) -> None:
    methods = port_methods(port)

    assert inspect.getdoc(port)
    assert 1 <= len(methods) <= MOST_METHODS
    needed = {name for name in methods if (port, name) not in OPTIONAL}
    assert needed == set(port.__abstractmethods__)  # type: ignore[attr-defined]
    assert all(vars(port)[name].__doc__ for name in methods)


@pytest.mark.parametrize("port", ports(), ids=_name)
def test_the_methods_of_a_port_are_typed(port: type) -> None:
    for name in port_methods(port):
        signature = inspect.signature(vars(port)[name])
        parameters = list(signature.parameters.values())[1:]

        assert signature.return_annotation is not inspect.Signature.empty
        assert all(p.annotation is not inspect.Parameter.empty for p in parameters)


@pytest.mark.parametrize("port", ports(), ids=_name)
def test_a_port_has_an_adapter(port: type) -> None:
    assert adapters_of(port)


@pytest.mark.parametrize(("port", "adapter"), PAIRS, ids=_name)
def test_an_adapter_inherits_its_port_and_forgets_nothing(port: type, adapter: type) -> None:
    assert port in adapter.__mro__
    assert not inspect.isabstract(adapter)


def test_a_forgotten_method_would_be_noticed() -> None:
    for port in ports():
        forgetful = type("Forgetful", (port,), {"name": "x", "settings": ()})

        with pytest.raises(TypeError, match="abstract"):
            forgetful()


@pytest.mark.parametrize("port", ports(), ids=_name)
def test_a_port_has_a_contract(port: type) -> None:
    assert f"{port.__name__}Contract" in _contract(port)


@pytest.mark.parametrize(("port", "adapter"), PAIRS, ids=_name)
def test_an_adapter_is_tested_by_its_ports_contract(port: type, adapter: type) -> None:
    assert _is_tested(adapter.__name__, _contract(port), _test_classes())


def test_an_adapter_without_a_contract_would_be_noticed() -> None:
    tests = [TestClass("TestOther", frozenset({"ClockContract"}), frozenset({"OtherClock"}))]
    tests += [TestClass("TestAlone", frozenset(), frozenset({"MadeUpClock"}))]

    assert _is_tested("OtherClock", {"ClockContract"}, tests)
    assert not _is_tested("MadeUpClock", {"ClockContract"}, tests)
    assert not _is_tested("OtherClock", set(), tests)


@pytest.mark.parametrize("name", BUILT_IN_CHANNELS)
def test_a_built_in_channel_is_tested_by_the_channels_contract(name: str) -> None:
    channel = type(importlib.import_module(f"adapters.{name}").channel())
    assert _is_tested(channel.__name__, _contract(LeadChannel), _test_classes())
