"""`swiftcrm channel test`, through real servers and odd ones."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.entrypoints.cli.command_line import CommandLine, Done, is_one_line
from tests.support.program import serving, swiftcrm_json
from tests.support.servers.certificates import Authority
from tests.support.servers.odd_servers import closed_port, http_answer, odd_server

SECRET = "0123456789abcdef0123456789abcdef"
OTHER_KEY = "B" * 43 + "="
HOPS = ["address", "name", "connection", "answer", "service", "key", "signature", "kept"]
Made = dict[str, Any]


def _test(cli: CommandLine, address: str, *options: str) -> Done:
    cli.set("public_url", address)
    return cli("channel", "test", "Acme Ltd", "whatsapp", *options)


def _failure(done: Done) -> str:
    """The line that a failing test ends with; what it advises is in it."""
    assert done.exit_code == 7
    line = done.stderr.splitlines(keepends=True)[-1]
    assert is_one_line(line)
    return line


@pytest.mark.parametrize("secret", [None, SECRET])
def test_a_sample_that_comes_through_is_kept_and_does_not_count(
    cli: CommandLine, acme: Made, secret: str | None
) -> None:
    if secret:
        cli.json("channel", "set", "Acme Ltd", "whatsapp", f"app_secret={secret}")
    with serving(cli.database) as server:
        done = _test(cli, server.url, "--json")

    shown = json.loads(done.stdout)
    assert done.exit_code == 0, done.stderr
    assert shown["ok"] is True
    assert shown["address"] == f"{server.url}/api/whatsapp/webhook"
    assert [hop["hop"] for hop in shown["hops"]] == HOPS
    assert all(list(hop) == ["hop", "ok", "found", "advice"] for hop in shown["hops"])
    assert [hop["hop"] for hop in shown["hops"] if hop["advice"]] == ["address"]
    assert [lead["channel"] for lead in cli.json("lead", "list", "Acme Ltd")] == ["whatsapp"]
    assert cli.json("project", "show", "Acme Ltd")["usage"]["leads"] == 0


def test_every_test_is_of_the_same_person(cli: CommandLine, acme: Made) -> None:
    with serving(cli.database) as server:
        codes = [_test(cli, server.url).exit_code for _ in range(2)]

    [lead] = cli.json("lead", "list", "Acme Ltd")
    shown = cli.json("lead", "show", "Acme Ltd", str(lead["lead_id"]))
    assert codes == [0, 0]
    assert len(shown["messages"]) == 2


def test_people_see_every_hop_and_what_to_look_at_when_nothing_comes(
    cli: CommandLine, acme: Made
) -> None:
    with serving(cli.database) as server:
        done = _test(cli, server.url)

    assert [line.split()[0] for line in done.stdout.splitlines()[1:9]] == HOPS
    assert "1. " in done.stdout
    assert "loopback" in done.stderr
    assert "FAILS" not in done.stdout


def test_a_secret_that_cannot_be_read_here_is_told_before_anything_is_sent(
    cli: CommandLine, acme: Made
) -> None:
    cli.json("channel", "set", "Acme Ltd", "whatsapp", f"app_secret={SECRET}")
    cli.set("secret_key", OTHER_KEY)
    with odd_server(http_answer(200)) as server:
        done = _test(cli, f"http://127.0.0.1:{server.port}")

    assert done.exit_code == 5
    assert done.stderr.startswith("swiftcrm: The app_secret of whatsapp cannot be read")
    assert server.calls == []


def test_a_secret_that_cannot_be_read_there_is_told_and_no_signature_is_praised(
    cli: CommandLine, acme: Made
) -> None:
    cli.json("channel", "set", "Acme Ltd", "whatsapp", f"app_secret={SECRET}")
    with serving(cli.database, secret_key=OTHER_KEY) as server:
        done = _test(cli, server.url)

    assert "service: STORAGE_UNAVAILABLE" in _failure(done)
    assert "SWIFTCRM_SECRET_KEY" in done.stderr
    assert "signature" not in done.stdout


def test_an_address_of_another_store_does_not_know_the_key(
    cli: CommandLine, acme: Made, tmp_path: Path
) -> None:
    other = tmp_path / "other.db"
    swiftcrm_json(other, "project", "create", "Acme Ltd")
    with serving(other) as server:
        done = _test(cli, server.url)

    assert "key: INVALID_API_KEY" in _failure(done)
    assert "another store" in done.stderr
    assert cli.json("lead", "list", "Acme Ltd") == []


def test_a_process_without_the_channel_is_told(cli: CommandLine, acme: Made) -> None:
    with serving(cli.database, channels="") as server:
        done = _test(cli, server.url)

    assert "service: NOT_FOUND" in _failure(done)
    assert "SWIFTCRM_CHANNELS" in done.stderr


@pytest.mark.parametrize(
    ("answer", "found", "advice"),
    [
        (http_answer(301, Location="https://x.example/a?api_key=swk_1"), "x.example/a", "redirect"),
        (http_answer(404, b"<html>", Server="nginx"), "404; server nginx", "Another service"),
        (http_answer(403, Server="cloudflare"), "403; server cloudflare", "firewall"),
        (http_answer(413), "413", "4 MiB"),
        (http_answer(502), "502", "swiftcrm serve"),
        (http_answer(200, b"\x1b[31m", Server="\x1b[31m"), "200; server ?[31m", "lost"),
    ],
)
def test_an_answer_of_another_service_is_told_from_ours(
    cli: CommandLine, acme: Made, answer: bytes, found: str, advice: str
) -> None:
    with odd_server(answer) as server:
        done = _test(cli, f"http://127.0.0.1:{server.port}")

    assert _failure(done).startswith("swiftcrm: service: ")
    assert found in done.stdout
    assert advice in done.stderr
    assert "\x1b" not in done.stdout + done.stderr


def test_a_port_that_nobody_listens_on_is_told(cli: CommandLine, acme: Made) -> None:
    with closed_port() as port:
        done = _test(cli, f"http://127.0.0.1:{port}")

    assert _failure(done).startswith(
        "swiftcrm: connection: Connection refused. `swiftcrm serve` does not run here, or"
    )
    assert done.stdout.splitlines()[-1].split()[:2] == ["connection", "FAILS"]


def test_a_name_that_has_no_address_is_told(cli: CommandLine, acme: Made) -> None:
    assert _failure(_test(cli, "https://nobody.invalid")).startswith("swiftcrm: name: ")


def test_a_certificate_that_nobody_trusts_is_told(cli: CommandLine, acme: Made) -> None:
    with odd_server(http_answer(200), tls=Authority().server()) as server:
        done = _test(cli, f"https://127.0.0.1:{server.port}")

    assert _failure(done).startswith("swiftcrm: certificate: ")
    assert "public authorities" in done.stderr
    assert server.calls == []


def test_a_failure_is_json_too(cli: CommandLine, acme: Made) -> None:
    with odd_server(http_answer(502)) as server:
        done = _test(cli, f"http://127.0.0.1:{server.port}", "--json")

    shown = json.loads(done.stdout)
    assert done.exit_code == 7
    assert shown["ok"] is False
    assert [hop["ok"] for hop in shown["hops"]] == [True, True, True, True, False]
    assert shown["hops"][-1]["advice"]


def test_neither_the_key_nor_the_secret_is_printed(cli: CommandLine, acme: Made) -> None:
    cli.json("channel", "set", "Acme Ltd", "whatsapp", f"app_secret={SECRET}")
    with odd_server(http_answer(500)) as server:
        done = [_test(cli, f"http://127.0.0.1:{server.port}", *o) for o in ((), ("--json",))]

    printed = "".join(one.stdout + one.stderr for one in done)
    assert b"swk_" in server.calls[0]
    assert "swk_" not in printed
    assert SECRET not in printed


def test_a_missing_secret_is_warned_of_here_too(cli: CommandLine, acme: Made) -> None:
    with closed_port() as port:
        done = _test(cli, f"http://127.0.0.1:{port}")

    assert "WARNING: No app_secret is set" in done.stderr
