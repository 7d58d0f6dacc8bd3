"""
Where a person came from: the ad that was clicked, the product that was asked about.

A `referral` comes with any type of message, the first one after the click; each of its keys may
be missing, `ctwa_clid` for an ad in WhatsApp Status. The addresses of pictures are left out:
they expire. (https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components)
"""

from collections.abc import Mapping
from typing import Any

from adapters.channel_tools.sent_json import as_word, as_written, at
from adapters.whatsapp.payload import SentMessage

Path = tuple[str, ...]

AD: Mapping[str, Path] = {
    "ctwa_clid": ("referral", "ctwa_clid"),
    "source_id": ("referral", "source_id"),
    "source_type": ("referral", "source_type"),
    "headline": ("referral", "headline"),
    "body": ("referral", "body"),
    "media_type": ("referral", "media_type"),
    "welcome_message": ("referral", "welcome_message", "text"),
}
CATALOG_ID, PRODUCT_ID = "catalog_id", "product_retailer_id"
PRODUCTS: tuple[Path, ...] = (("context", "referred_product"), ("interactive", "product"))
"""Where a product stands that is asked about, or was chosen."""

BELONG_TOGETHER = (frozenset({"source_url", *AD}), frozenset({CATALOG_ID, PRODUCT_ID}))
"""The click id of one ad beside the `source_id` of another would report a sale for the wrong ad."""


def attribution_of(message: SentMessage) -> dict[str, str]:
    """The attributes that *message* gives."""
    ad = {name: as_word(at(message, *path)) for name, path in AD.items()}
    product = next((p for path in PRODUCTS if (p := _product(at(message, *path)))), {})
    return {name: word for name, word in ad.items() if word is not None} | product


def source_url_of(message: SentMessage) -> str | None:
    """The address of the ad or the post."""
    return as_written(at(message, "referral", "source_url"))


def _product(found: Any) -> dict[str, str]:
    words = {name: as_word(at(found, name)) for name in (CATALOG_ID, PRODUCT_ID)}
    return {name: word for name, word in words.items() if word is not None}
