"""The examples: what the page shows, run as it stands there, makes a lead that the page lists."""

import html
import re
import subprocess
import sys
from pathlib import Path

import pytest

from entrypoints.console.programs import PLACEHOLDER, PROGRAMS
from tests.entrypoints.console.browser import Browser, Page
from tests.support.program import Server
from tests.support.stores import Account


def shown(page: Page, name: str) -> str:
    """What a field to copy has."""
    found = re.search(rf'<textarea[^>]* id="{name}"[^>]*>\n(.*?)</textarea>', page.text, re.DOTALL)
    found = found or re.search(rf'<input[^>]* id="{name}" value="([^"]*)"', page.text)
    assert found is not None
    return html.unescape(found[1])


@pytest.mark.usefixtures("curl_and_openssl")
@pytest.mark.parametrize("language", ["curl", "python"])
def test_a_program_run_as_the_page_says_makes_a_lead_that_is_listed_below(
    store, server: Server, member: Browser, acme: Account, tmp_path: Path, language: str
) -> None:
    path = f"/projects/{acme.project_id}/examples/{language}"
    page = member.get(path)
    (tmp_path / PROGRAMS[language].file).write_text(shown(page, "program"), "utf-8")
    line = shown(page, "run").replace(PLACEHOLDER, acme.key)
    done = subprocess.run(
        line.replace("python3", sys.executable),
        shell=True, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip

    assert f'data-lead="{int(done.stdout)}"' in member.get(path).text
    assert "Zoë Müller" in member.get(path).words


@pytest.mark.parametrize("language", PROGRAMS)
def test_each_language_is_a_link_away_with_this_address_and_the_projects_name(
    server: Server, member: Browser, acme: Account, language: str
) -> None:
    path = f"/projects/{acme.project_id}/examples"
    page = member.get(f"{path}/{language}")

    program = PROGRAMS[language]
    assert f'href="/console{path}/{language}" aria-current="page">{program.title}<' in page.text
    assert f'href="/console{path}/{language}"' in member.get(path).text
    assert shown(page, "program") == program.text(server.url)
    assert server.url in program.text(server.url)
    assert "Acme Ltd" in page.words
    assert f'href="/console/projects/{acme.project_id}/settings/keys">Make a key<' in page.text


def test_a_language_that_there_is_not_is_not_there(member: Browser, acme: Account) -> None:
    assert member.get(f"/projects/{acme.project_id}/examples/..%2Fcobol").status == 404
