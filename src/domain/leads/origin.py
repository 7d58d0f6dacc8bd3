"""
Where a lead came from, in the words of marketing: source, medium, campaign, click ids, first touch.

The address of the page says it (`utm_source`, `utm_medium`, `utm_campaign`:
https://support.google.com/analytics/answer/10917952); where it does not, the click id of an ad
says whose ad it was; a form or a message of an ad says which; and else the page before it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from domain.json_value import JsonObject
from domain.lead import LeadDetails

LONGEST = 100
"""So many characters of a source or a campaign count; the lead says all of it."""
NETWORKS: Mapping[str, str] = {
    "gclid": "google",
    "gbraid": "google",
    "wbraid": "google",
    "dclid": "google",
    "gcl_id": "google",
    "fbclid": "facebook",
    "ctwa_clid": "meta",
    "msclkid": "bing",
    "ttclid": "tiktok",
    "li_fat_id": "linkedin",
    "twclid": "twitter",
    "yclid": "yandex",
    "rdt_cid": "reddit",
    "epik": "pinterest",
    "sccid": "snapchat",
    "qclid": "quora",
}
"""Which network's ad a click id is of."""
CLICK_IDS = tuple(NETWORKS)
FIRST_TOUCH = "first_touch"
"""The attribute that says how somebody came for the first time."""
REFERRAL = "referral"
"""The medium of a visit that began on another site."""


@dataclass(frozen=True, slots=True)
class Origin:
    """
    Where a lead came from; what is not known is None.

    Attributes:
        source: In small letters: `Google` and `google` are one.
        campaign: As it was sent. For an ad in a messenger its headline, for one with a form its
            number, since no name comes with them.
    """

    source: str | None = None
    medium: str | None = None
    campaign: str | None = None


def origin_of(details: LeadDetails) -> Origin:
    """Where a lead with these details came from last."""
    utm = details.utm
    medium, campaign = _text(utm, "utm_medium"), _text(utm, "utm_campaign")
    if source := _text(utm, "utm_source"):
        return Origin(source.lower(), medium, campaign)
    of_ad = _of_ad(details)
    if of_ad.source:
        return Origin(of_ad.source, medium, campaign or of_ad.campaign)
    if campaign or medium:
        return Origin(None, medium, campaign)
    host = _host(details.referrer)
    if host and host != _host(details.source_url):
        return Origin(host, REFERRAL, None)
    return Origin()


def click_ids_of(details: LeadDetails) -> Mapping[str, str]:
    """The ids of the clicks that brought the lead, wherever they lie, by their names."""
    return dict(_click_ids(details))


def first_touch_of(details: LeadDetails) -> JsonObject:
    """How somebody came for the first time, as the page has said; empty if it has not."""
    found = details.attributes.get(FIRST_TOUCH)
    return dict(found) if isinstance(found, Mapping) else {}


def _of_ad(details: LeadDetails) -> Origin:
    said = details.attributes
    if _text(said, "source_type") and _text(said, "source_id"):  # a message after a click on an ad
        return Origin("meta", None, _text(said, "headline") or _text(said, "source_id"))
    campaign = _text(said, "campaign_id") if _text(said, "form_id") else None
    if campaign:  # the form of an ad
        return Origin("google", None, campaign)
    network = next((NETWORKS[name] for name, _ in _click_ids(details)), None)
    return Origin(network, None, None)


def _click_ids(details: LeadDetails) -> Iterator[tuple[str, str]]:
    said = (details.utm, details.attributes)
    if all(map(NETWORKS.keys().isdisjoint, said)):  # as in most: a lead is asked as it comes in
        return
    for name in CLICK_IDS:
        if found := next(filter(None, (_text(one, name, None) for one in said)), None):
            yield name, found


def _text(said: Mapping[str, Any], name: str, longest: int | None = LONGEST) -> str | None:
    value = said.get(name)
    return (value.strip()[:longest].strip() or None) if isinstance(value, str) else None


def _host(url: str | None) -> str | None:
    """The site of an address, without `www.`; None where there is none."""
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return host.removeprefix("www.")[:LONGEST] if host else None
