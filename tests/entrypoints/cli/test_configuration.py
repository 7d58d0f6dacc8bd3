"""What commands say of settings that are wrong."""

import pytest

from tests.entrypoints.cli.command_line import CommandLine, is_one_line

WRONG = [
    ("DATABASE_URL", "postgresql://user:hunter2@db/swiftcrm"),
    ("REDIS_URL", "http://user:hunter2@redis"),
    ("DATABASE_URL", "mongodb://user:hunter2@db/swiftcrm?w=1"),
    ("DATABASE_URL", "mongodb://user:hunter2@db:port/swiftcrm"),
    ("MONGODB_DRIVER", "hunter2"),
    ("PUBLIC_URL", "hunter2"),
    ("RATE_LIMIT", "hunter2"),
    ("TRUSTED_PROXIES", "hunter2"),
    ("SECRET_KEY", "hunter2"),
    ("DRAIN_WAIT_SECONDS", "hunter2"),
    ("CHANNELS", "telegrm"),
]
COMMANDS = [("project", "list"), ("project", "create", "Acme Ltd")]


@pytest.mark.parametrize(("name", "value"), WRONG)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_wrong_setting_is_named_and_makes_no_store(
    cli: CommandLine, command: tuple[str, ...], name: str, value: str
) -> None:
    cli.set(name, value)

    done = cli(*command)

    assert done.exit_code == 5
    assert is_one_line(done.stderr)
    assert f"SWIFTCRM_{name}" in done.stderr
    assert "hunter2" not in done.stderr
    assert not cli.database.parent.exists()


def test_every_wrong_setting_is_named_at_once(cli: CommandLine) -> None:
    cli.set("rate_limit", "fast")
    cli.set("public_url", "nowhere")

    done = cli("project", "list")

    assert is_one_line(done.stderr)
    assert "SWIFTCRM_RATE_LIMIT" in done.stderr
    assert "SWIFTCRM_PUBLIC_URL" in done.stderr


def test_help_needs_no_right_settings(cli: CommandLine) -> None:
    cli.set("rate_limit", "fast")

    assert cli("project", "list", "--help").exit_code == 0
    assert cli("--version").exit_code == 0
