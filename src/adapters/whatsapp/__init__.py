"""WhatsApp Cloud API webhooks (https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks)."""

from adapters.whatsapp.channel import WhatsAppChannel
from application.ports.lead_channel import LeadChannel

__all__ = ["WhatsAppChannel", "channel"]


def channel() -> LeadChannel:
    """What `SWIFTCRM_CHANNELS=whatsapp` names."""
    return WhatsAppChannel()
