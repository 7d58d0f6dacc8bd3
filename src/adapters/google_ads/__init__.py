"""Google Ads lead form webhooks (https://developers.google.com/google-ads/webhook/docs)."""

from adapters.google_ads.channel import GoogleAdsChannel
from application.ports.lead_channel import LeadChannel

__all__ = ["GoogleAdsChannel", "channel"]


def channel() -> LeadChannel:
    """The channel that is called like this folder."""
    return GoogleAdsChannel()
