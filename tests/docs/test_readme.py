"""The lines of the README that can be pasted; those for PHP and for a page are in `tests/pages`."""

import json
import re
import subprocess
from pathlib import Path

from tests.support.program import serving
from tests.support.stores import Store

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def test_the_curl_of_the_readme_makes_a_lead_with_every_field(tmp_path: Path) -> None:
    store = Store(tmp_path / "leads.db")
    account = store.account()
    [line] = re.findall(r"^```\n(curl https://leads\.[^`]*)^```$", README, re.MULTILINE)
    with serving(store) as server:
        pasted = line.replace("https://leads.example.com", server.url).replace("swk_…", account.key)
        done = subprocess.run(["sh", "-c", pasted], capture_output=True, text=True, check=True)

    assert json.loads(done.stdout)["code"] == "LEAD_CREATED"
    [lead] = store.leads(account)
    assert set(lead.details.present()) >= {"name", "email", "phone", "attributes", "utm"}
    assert lead.details.page_trail == ("/", "/features", "/pricing")
