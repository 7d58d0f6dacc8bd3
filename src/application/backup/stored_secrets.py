"""The secrets of channels in a copy of the store, and whether a key opens them."""

from collections.abc import Mapping, Sequence

from application.ports.lead_channel import LeadChannel
from application.ports.secret_box import SecretBox
from domain.backup import StoreContent
from domain.errors import StoreUnusable


def locked_secrets(content: StoreContent, channels: Mapping[str, LeadChannel]) -> Sequence[str]:
    """Those of the channels that are switched on, as they are stored."""
    secret = {
        (name, setting.name)
        for name, channel in channels.items()
        for setting in channel.settings
        if setting.secret
    }
    return [
        value
        for setting in content.settings
        if (setting.channel, setting.name) in secret
        for value in setting.values
    ]


def opens_all(box: SecretBox, secrets: Sequence[str]) -> bool:
    """Whether *box* unlocks every one of *secrets*."""
    try:
        for secret in secrets:
            box.unlock(secret)
    except StoreUnusable:
        return False
    return True
