"""The rooms of the house: their size, what is in them, and that both stores have the same."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, SOURCE, files, module_name

MOST_MODULES = 12
MOST_MODULES_OF = {"src/domain": 20, "src/application/ports": 20, "tests/domain": 20}
MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 40
BESIDE_THE_SUBJECT = {"__init__.py", "conftest.py"}

STORES = ("mongodb", "sqlite")
OF_ONE_STORE = {
    # MongoDB's server looks after its files, and its own tools make backups.
    "sqlite": {"files", "backup", "connection.disk_space", "connection.moments"}
    | {"connection.log_copy", "connection.rows"}
    # Its statements are its round trips: many leads are one of them.
    | {"leads.transaction"},
    # A server that comes and goes, and majority reads.
    "mongodb": {"connection.collections", "connection.presence"}
    # SQLite decides under one write lock; here unique indexes decide, among all who write at once.
    | {
        f"leads.{n}"
        for n in (
            "documents",
            "free_places",
            "lookup",
            "numbers",
            "sorting",
            "writing",
        )
    }
    # Places are counted without a write lock, and its schema knows no functions of ours.
    | {"archive.place_counts", "archive.origins"},
}
"""The rooms and files which only one of the stores needs."""

LEDGER_OF_MONGODB = SOURCE / "adapters" / "mongodb" / "leads"
"""Its words are replaced together with its classes."""
OLD_WORDS = {
    "shelf": "say: places",
    "shelve": "say: places",
    "allotment": "say: numbers and places",
    "told": "say who says what to whom",
    "sound": "say: checked",
    "soundness": "say: checked",
    "addressee": "say: recipient",
    "hole": "say: free place",
    "tally": "say: count",
    "fate": "say: what became of it",
    "settle": "say: answer, or generate_missing",
    "calls_of": "say: attribute_to",
    "capture_of": "say: to_capture, or capture_from_json",
    "channel_kit": "say: channel_contract",
    "fresh_cache": "say: settings_cache",
    "last_moment": "say: write_behind",
    "internet_name": "say: address_syntax",
    "find_owner": "say: route_item",
}
"""Words which nobody should have to learn, with what to say."""
_OLD = re.compile(rf"(?<![a-z])({'|'.join(OLD_WORDS)})s?(?![a-z])")
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _modules(folder: Path) -> list[str]:
    return sorted({path.name for path in folder.glob("*.py")} - BESIDE_THE_SUBJECT)


def _most(folder: Path) -> int:
    return MOST_MODULES_OF.get(str(folder.relative_to(ROOT)), MOST_MODULES)


def _python(*tops: str) -> list[Path]:
    return sorted(path for top in tops for path in (ROOT / top).rglob("*.py"))


def _functions(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Each function with its lines, but for its docstring and the functions inside it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = [
                part
                for part in ast.walk(node)
                if part is not node and isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)
            ]
            others = {line for part in inner for line in _lines(part)}
            text = ast.get_docstring(node, clean=False)
            yield node.name, len(set(_lines(node)) - others) - (text.count("\n") if text else 0)


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _beside_a_protocol(text: str) -> list[str]:
    """What a module of a port has besides its imports and one Protocol, which only declares."""
    body = [n for n in ast.parse(text).body if not isinstance(n, ast.Import | ast.ImportFrom)]
    protocols = [n for n in body if isinstance(n, ast.ClassDef) and _is_protocol(n)]
    others = [n for n in body if not _is_text(n) and n not in protocols]
    others += [n for one in protocols for n in one.body if not _is_declaration(n)]
    found = [ast.unparse(n).splitlines()[0] for n in others]
    return found if len(protocols) == 1 else [*found, f"{len(protocols)} protocols"]


def _is_protocol(node: ast.ClassDef) -> bool:
    return "Protocol" in {ast.unparse(base) for base in node.bases}


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_declaration(node: ast.stmt) -> bool:
    """A member with its type, or a method that does nothing."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return all(_is_text(n) or ast.unparse(n) == "return" for n in node.body)
    return isinstance(node, ast.AnnAssign) or _is_text(node)


def _rooms(store: str) -> set[str]:
    """Rooms and files of a store without those that it alone has."""
    own = OF_ONE_STORE[store]
    found = {module_name(path).split(".", 2)[2] for path in files(f"adapters/{store}/")[1:]}
    return {name for name in found if name not in own and name.partition(".")[0] not in own}


def _old_words(text: str) -> list[str]:
    """Those in *text*, also in names of classes, which are read as words_with_underscores."""
    text = _CAPITAL.sub("_", text).lower()
    return [f"{found[1]} ({OLD_WORDS[found[1]]})" for found in _OLD.finditer(text)]


def _found_in(paths: list[Path]) -> Mapping[str, list[str]]:
    found = {str(p.relative_to(ROOT)): _old_words(p.read_text("utf-8")) for p in paths}
    return {name: words for name, words in found.items() if words}


def test_a_folder_is_looked_over_at_a_glance() -> None:
    folders = {path.parent for path in _python("src", "tests")}

    crowded = {str(f): len(_modules(f)) for f in folders if len(_modules(f)) > _most(f)}
    assert crowded == {}


def test_a_file_is_no_longer_than_a_person_reads() -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in _python("src", "tests")}

    assert {str(path): n for path, n in lengths.items() if n > MOST_LINES} == {}


def test_a_function_is_no_longer_than_a_page() -> None:
    found = {
        f"{path.relative_to(ROOT)} {name}": lines
        for path in _python("src", "tests")
        for name, lines in _functions(ast.parse(path.read_text("utf-8")))
        if lines > MOST_LINES_OF_A_FUNCTION
    }
    assert found == {}


def test_the_lines_of_a_function_are_counted_without_those_inside_it() -> None:
    text = 'def f():\n    """Say.\n\n    More."""\n    def g():\n        return 1\n    return g'

    assert dict(_functions(ast.parse(text))) == {"f": 3, "g": 2}


def test_ports_holds_protocols_alone() -> None:
    package, *ports = files("application/ports")
    found = {str(path): _beside_a_protocol(path.read_text("utf-8")) for path in ports}

    assert all(map(_is_text, ast.parse(package.read_text("utf-8")).body))
    assert {name: besides for name, besides in found.items() if besides} == {}


BESIDES = ["MOST = 3", "class Query: ...", "def read(): ...", "class Other(Protocol): ..."]
INSIDE = [" MOST = 3", " class Inner: ...", " def twice(self): return 2 * self.now()"]


@pytest.mark.parametrize("line", BESIDES + INSIDE)
def test_something_else_among_the_ports_would_be_noticed(line: str) -> None:
    text = '"""A clock."""\nclass Clock(Protocol):\n def now(self) -> int:\n  """The time."""\n'

    assert _beside_a_protocol(text) == []
    assert _beside_a_protocol(text + line) != []


def test_both_stores_have_the_same_rooms_and_files() -> None:
    assert _rooms("mongodb") == _rooms("sqlite")
    assert _rooms("mongodb") >= {"connection", "leads.lead_ledger", "held", "settings"}


@pytest.mark.parametrize("store", STORES)
def test_what_one_store_has_alone_is_there(store: str) -> None:
    paths = {f"{SOURCE}/adapters/{store}/{name.replace('.', '/')}" for name in OF_ONE_STORE[store]}

    assert [p for p in paths if not Path(p).is_dir() and not Path(f"{p}.py").exists()] == []


def test_no_old_word_comes_back() -> None:
    paths = [path for path in _python("src") if path.parent != LEDGER_OF_MONGODB]

    assert _found_in(paths) == {}


@pytest.mark.parametrize(
    "text",
    ["a shelf_of x", "Shelves", "FindShelf", "a.calls_of(x)", "_settle()", "FreshCache", "Told."],
)
def test_an_old_word_would_be_noticed(text: str) -> None:
    assert len(_old_words(text)) == 1


def test_a_word_in_which_an_old_one_stands_is_none() -> None:
    assert _old_words("toldest, unsound, settled, wholesale") == []
