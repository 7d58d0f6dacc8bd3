"""The lines of the README that can be pasted; those for PHP and for a page are in `tests/pages`."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.support.program import serving
from tests.support.stores import Store

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


@pytest.mark.usefixtures("curl_and_openssl")
def test_the_curl_of_the_readme_makes_a_lead_with_every_field_and_of_another_name_a_second_one(
    tmp_path: Path,
) -> None:
    store = Store(tmp_path / "leads.db")
    account = store.account()
    [line] = re.findall(r"^```\n(curl https://leads\.[^`]*)^```$", README, re.MULTILINE)
    with serving(store) as server:
        pasted = line.replace("https://leads.example.com", server.url).replace("swk_…", account.key)
        answers = [
            subprocess.run(["sh", "-c", line], stdout=subprocess.PIPE, check=True).stdout
            for line in (pasted, pasted.replace("Ada", "Bea"))
        ]

    assert [json.loads(answer)["code"] for answer in answers] == ["LEAD_CREATED"] * 2
    lead, other = store.leads(account)
    assert (lead.details.name, other.details.name) == ("Ada Lovelace", "Bea Lovelace")
    assert set(lead.details.present()) >= {"name", "email", "phone", "attributes", "utm"}
    assert lead.details.page_trail == ("/", "/features", "/pricing")
