"""The settings in the help of `swiftcrm channel set`."""

from adapters.whatsapp import WhatsAppChannel
from tests.entrypoints.cli.command_line import CommandLine


def _help(cli: CommandLine) -> str:
    """In one line; where a line ends is a hyphen's matter too."""
    done = cli("channel", "set", "--help")
    assert (done.exit_code, done.stderr) == (0, "")
    return " ".join(done.stdout.split()).replace("- ", "-")


def test_it_lists_what_each_channel_takes_without_a_store(cli: CommandLine) -> None:
    text = _help(cli)

    token, secret, numbers = WhatsAppChannel.settings
    listed = (
        f"Settings of whatsapp: {token.name} {token.help} [generated if you set none]"
        f" {secret.name} {secret.help} [secret: stored encrypted]"
        f" [up to 2 during a rotation, the newest first]"
        f" {numbers.name} {numbers.help} [up to 100, with commas between]"
        " Settings of google_ads: google_key "
    )
    assert listed.replace("- ", "-") in text
    assert not cli.database.parent.exists()


def test_it_lists_those_of_channels_that_are_switched_on(cli: CommandLine) -> None:
    cli.set("channels", "google_ads")

    assert "Settings of whatsapp" not in _help(cli)


def test_where_a_channel_cannot_be_loaded_it_says_the_cause_and_the_rest(cli: CommandLine) -> None:
    cli.set("channels", "telegrm")
    text = _help(cli)

    assert text.startswith("Usage: ")
    assert "cannot be listed: SWIFTCRM_CHANNELS: telegrm: there is no module" in text
