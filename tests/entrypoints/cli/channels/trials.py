"""The WhatsApp channel of "Acme Ltd", as commands set and show it."""

from typing import Any

from tests.entrypoints.cli.command_line import CommandLine

CHANNEL = [
    "webhook_url",
    "verify_token",
    "app_secret_set",
    "phone_number_ids",
    "key_id",
    "last_challenge_at",
    "last_delivery_at",
    "last_item_at",
    "last_bad_signature_at",
    "unlisted_numbers",
]
SECRET = "0123456789abcdef0123456789abcdef"


def set_whatsapp(cli: CommandLine, *settings: str) -> Any:
    return cli.json("channel", "set", "Acme Ltd", "whatsapp", *settings)


def show_whatsapp(cli: CommandLine) -> Any:
    return cli.json("channel", "show", "Acme Ltd", "whatsapp")
