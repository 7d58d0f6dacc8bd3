"""The programs that the console shows are those that the tests run."""

import pytest

from entrypoints.console.programs import FOLDER, PROGRAMS, Program
from tests.examples.programs import EXAMPLES

ADDRESS = "https://leads.acme.example"


def test_they_are_the_files_of_the_repository() -> None:
    assert FOLDER == EXAMPLES
    assert {one.file for one in PROGRAMS.values()} == {
        path.name for path in EXAMPLES.iterdir() if path.is_file()
    }


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=lambda it: it.title)
def test_only_the_address_and_the_folder_are_others(program: Program) -> None:
    text = program.text(ADDRESS)
    tested = (EXAMPLES / program.file).read_text("utf-8")

    changed = [
        pair
        for pair in zip(text.splitlines(), tested.splitlines(), strict=True)
        if pair[0] != pair[1]
    ]
    line = program.run(ADDRESS) or f"const URL_OF_LEADS = '{ADDRESS}/api/public/lead';"
    assert [shown.lstrip("#/ ") for shown, _ in changed] == [line]
