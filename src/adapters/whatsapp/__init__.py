"""WhatsApp Cloud API webhooks (https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks)."""

from adapters.whatsapp.channel import WhatsAppChannel
from application.ports.lead_channel import LeadChannel

__all__ = ["WhatsAppChannel", "channel"]


def channel() -> LeadChannel:
    """The channel that is called like this folder."""
    return WhatsAppChannel()
