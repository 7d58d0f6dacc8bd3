"""Every way to fail has an answer over HTTP and an exit code."""

import gc
from collections.abc import Iterator, Mapping

import pytest

from domain.errors import PortError, StorageUnavailable, StoreUnusable
from domain.refusals import Refusal
from entrypoints.cli.failures import EXIT_OF
from entrypoints.http.statuses import STATUS_OF, failure_of
from tests.architecture.source import LAYERS, modules

ROOTS_AND_TABLES = [(Refusal, STATUS_OF), (PortError, EXIT_OF)]
WHERE = {
    Refusal: "STATUS_OF in src/entrypoints/http/statuses.py",
    PortError: "EXIT_OF in src/entrypoints/cli/failures.py",
}
Table = Mapping[type[Exception], int]


def _leaves(root: type) -> Iterator[type]:
    """The classes below *root* in the source that have no class below them; not those of tests."""
    ours = [c for c in root.__subclasses__() if c.__module__.partition(".")[0] in LAYERS]
    for child in ours:
        yield from _leaves(child) if child.__subclasses__() else [child]


def _without_a_row(root: type, table: Table) -> set[str]:
    modules(*LAYERS)  # a class is known once its module is imported
    return {leaf.__name__ for leaf in _leaves(root) if leaf not in table}


@pytest.mark.parametrize(("root", "table"), ROOTS_AND_TABLES)
def test_every_leaf_has_a_row(root: type, table: Table) -> None:
    assert len(list(_leaves(root))) >= 5
    missing = _without_a_row(root, table)
    assert not missing, f"{missing}: add a row to {WHERE[root]}"


@pytest.mark.parametrize(("root", "table"), ROOTS_AND_TABLES)
def test_a_made_up_leaf_would_be_noticed(root: type, table: Table) -> None:
    before = _without_a_row(root, table)
    made_up = type("MadeUp", (root,), {"__module__": root.__module__})
    try:
        assert _without_a_row(root, table) - before == {"MadeUp"}
    finally:
        del made_up
        gc.collect()

    assert _without_a_row(root, table) == before


@pytest.mark.parametrize("error", [StorageUnavailable, StoreUnusable])
def test_a_store_that_fails_has_a_status(error: type[Exception]) -> None:
    assert STATUS_OF[error] == 503
    assert failure_of(error("the cause")).status == 503


@pytest.mark.parametrize("error", [error for error in STATUS_OF if issubclass(error, Refusal)])
def test_a_refusal_has_a_code_and_a_message_of_its_own(error: type[Refusal]) -> None:
    assert error.code.isupper()
    assert error.message.endswith(".")
    assert error.__doc__


def test_only_leaves_have_rows() -> None:
    modules(*LAYERS)

    branches = [
        error for table in (STATUS_OF, EXIT_OF) for error in table if error.__subclasses__()
    ]
    assert branches == []


@pytest.mark.parametrize("root", [Refusal, PortError])
def test_the_tree_in_the_docstring_is_the_tree(root: type) -> None:
    [module] = [m for m in modules("domain", "application") if m.__name__ == root.__module__]
    drawn = [
        line.split("── ")[1].split()[0]
        for line in (module.__doc__ or "").splitlines()
        if "── " in line
    ]

    leaves = [leaf.__name__ for leaf in _leaves(root)]
    assert drawn == leaves, f"draw them in this order in the docstring of {module.__file__}"
