"""Where somebody came from, as one would say it: `Google ad, campaign Spring`."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from domain.lead import Lead, LeadDetails
from domain.leads.origin import (
    REFERRAL,
    Origin,
    click_ids_of,
    first_touch_of,
    origin_of,
)
from entrypoints.console import words
from entrypoints.console.leads.filters import Said
from entrypoints.console.leads.links import page_path

NETWORKS: Mapping[str, str] = MappingProxyType(
    {
        "google": "Google",
        "facebook": "Facebook",
        "instagram": "Instagram",
        "meta": "Meta",
        "bing": "Bing",
        "tiktok": "TikTok",
        "linkedin": "LinkedIn",
        "twitter": "X",
        "yandex": "Yandex",
        "reddit": "Reddit",
        "pinterest": "Pinterest",
        "snapchat": "Snapchat",
        "quora": "Quora",
        "youtube": "YouTube",
    }
)
"""What people call the sources that they know."""
PAID = frozenset({"cpc", "ppc", "cpm", "cpv", "paid", "paidsearch", "paidsocial", "paid_social"})
"""Media that somebody pays for."""


def story_of(lead: Lead) -> Sequence[Said]:
    """What led to the lead last; if nobody knows, through which channel it came."""
    details = lead.details
    is_ad = bool(click_ids_of(details)) or details.attributes.get("source_type") == "ad"
    return _said(origin_of(details), is_ad=is_ad) or [Said(words.channel_name(lead.channel))]


def first_touch_said(lead: Lead) -> Sequence[Said]:
    """What led to the first visit, if that was something else; empty if it was not."""
    touch = first_touch_of(lead.details)
    first = LeadDetails(utm=touch, referrer=_text(touch, "referrer"))
    origin = origin_of(first)
    if origin == origin_of(lead.details):
        return []
    return _said(origin, is_ad=bool(click_ids_of(first)))


def first_page(details: LeadDetails) -> str | None:
    """The page on which somebody was first seen, as far as the site has said."""
    trail = next(iter(details.page_trail), None)
    return (page_path(trail) or trail) if trail else page_path(details.source_url or "")


def _said(origin: Origin, *, is_ad: bool) -> Sequence[Said]:
    if origin.medium == REFERRAL and origin.source:
        parts = [Said("A link on", origin.source)]
    else:
        is_paid = is_ad or (origin.medium or "").lower().replace("-", "") in PAID
        parts = [*_source(origin.source, is_ad=is_paid)]
        if origin.medium and not is_paid:
            parts.append(Said("medium", origin.medium))
    if origin.campaign:
        parts.append(Said("campaign", origin.campaign))
    return parts


def _source(source: str | None, *, is_ad: bool) -> Sequence[Said]:
    if source is None:
        return [Said("An ad")] if is_ad else []
    if name := NETWORKS.get(source):
        return [Said(f"{name} ad" if is_ad else name)]
    return [Said("An ad on" if is_ad else "", source)]


def _text(said: Mapping[str, object], name: str) -> str | None:
    value = said.get(name)
    return value if isinstance(value, str) else None
