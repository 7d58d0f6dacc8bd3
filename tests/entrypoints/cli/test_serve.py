"""`swiftcrm serve --quickstart`: what `make run` shows in the first minute."""

import re
import shlex
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from domain.api_key import digest_of
from tests.support.program import PROGRAM, environment
from tests.support.stores import Store
from tests.support.wire import Answer, request


@contextmanager
def quickstart(database: Path) -> Iterator[str]:
    """The curl line that a server prints, while it serves."""
    process = subprocess.Popen(
        [*PROGRAM, "serve", "--port", "0", "--quickstart"],
        env=environment(database),
        cwd=database.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield next(line for line in process.stdout if line.startswith("curl "))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=15)
        process.stdout.close()
    assert process.returncode == 0


def paste(line: str) -> Answer:
    """What a shell would send for this curl line."""
    words = shlex.split(line)
    url = urlsplit(words[words.index("POST") + 1])
    headers = [tuple(words[n + 1].split(": ")) for n, word in enumerate(words) if word == "-H"]
    body = words[words.index("-d") + 1].encode()
    assert url.port is not None
    return request(url.port, "POST", url.path, headers, body)  # type: ignore[arg-type]


def key_in(line: str) -> str:
    found = re.search(r"swk_\w+", line)
    assert found is not None
    return found[0]


def test_the_printed_line_captures_leads_also_after_a_restart(tmp_path: Path) -> None:
    database = tmp_path / "swiftcrm.db"
    with quickstart(database) as first_line:
        first = paste(first_line)
    with quickstart(database) as second_line:
        second = paste(second_line)

    assert [first.json()["lead_id"], second.json()["lead_id"]] == [1, 2]
    assert key_in(first_line) == key_in(second_line)


def test_the_key_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    database = tmp_path / "swiftcrm.db"
    with quickstart(database) as line:
        kept = tmp_path / "swiftcrm.db.quickstart"

        assert kept.read_text().strip() == key_in(line)
        assert kept.stat().st_mode & 0o777 == 0o600


def test_a_key_that_was_revoked_is_replaced(tmp_path: Path) -> None:
    database = tmp_path / "swiftcrm.db"
    store = Store(database)
    with quickstart(database) as line:
        key = store.use(lambda c: c.keys().find(digest_of(key_in(line))))
        assert key is not None
        store.use(lambda c: c.keys().revoke(key.key_id, c.clock().now()))
    with quickstart(database) as new_line:
        answer = paste(new_line)

    assert key_in(new_line) != key_in(line)
    assert answer.status == 201
