"""
Where a person came from: the ad that was clicked, the product that was asked about.

A `referral` comes with any type of message, the first one after the click; each of its keys may
be missing, `ctwa_clid` for an ad in WhatsApp Status. The addresses of pictures are left out:
they expire. (https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components)
"""

from collections.abc import Mapping
from typing import Any

from adapters.whatsapp.json_text import as_text, as_word, at

ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "ctwa_clid": ("referral", "ctwa_clid"),
    "source_id": ("referral", "source_id"),
    "source_type": ("referral", "source_type"),
    "headline": ("referral", "headline"),
    "body": ("referral", "body"),
    "welcome_message": ("referral", "welcome_message", "text"),
    "catalog_id": ("context", "referred_product", "catalog_id"),
    "product_retailer_id": ("context", "referred_product", "product_retailer_id"),
}
"""The lead's attributes, and where in the message they stand."""


def attribution_of(message: dict[str, Any]) -> dict[str, str]:
    """The attributes that *message* gives."""
    found = {name: as_word(at(message, *path)) for name, path in ATTRIBUTES.items()}
    return {name: word for name, word in found.items() if word is not None}


def source_url_of(message: dict[str, Any]) -> str | None:
    """The address of the ad or the post."""
    return as_text(at(message, "referral", "source_url"))
