"""Telegram bots as a lead channel (https://core.telegram.org/bots/api#setwebhook)."""

from application.ports.lead_channel import LeadChannel
from telegram_channel.channel import TelegramChannel

__all__ = ["TelegramChannel", "channel"]


def channel() -> LeadChannel:
    """What `SWIFTCRM_CHANNELS=telegram_channel:channel` names."""
    return TelegramChannel()
