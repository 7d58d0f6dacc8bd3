"""`swiftcrm channel test`, through real servers and odd ones."""

import json
from typing import Any

import pytest

from tests.entrypoints.cli.command_line import CommandLine, Done, is_one_line
from tests.support.program import serving
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


def test_an_answer_of_another_service_is_told_from_ours(cli: CommandLine, acme: Made) -> None:
    with odd_server(http_answer(200, b"\x1b[31m", Server="\x1b[31m")) as server:
        done = _test(cli, f"http://127.0.0.1:{server.port}")

    assert _failure(done).startswith("swiftcrm: service: ")
    assert "200; server ?[31m" in done.stdout
    assert "lost" in done.stderr
    assert "\x1b" not in done.stdout + done.stderr


def test_a_port_that_nobody_listens_on_is_told(cli: CommandLine, acme: Made) -> None:
    with closed_port() as port:
        done = _test(cli, f"http://127.0.0.1:{port}")

    assert _failure(done).startswith(
        "swiftcrm: connection: Connection refused. Nothing listens on this port of this machine."
    )
    assert done.stdout.splitlines()[-1].split()[:2] == ["connection", "FAILS"]


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
