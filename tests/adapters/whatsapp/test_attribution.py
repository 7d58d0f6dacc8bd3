from typing import Any

import pytest

from adapters.whatsapp.attribution import AD, attribution_of, source_url_of

REFERRAL = {
    "source_url": "https://fb.me/2ZulEFo",
    "source_id": "120208600000000001",
    "source_type": "ad",
    "headline": "Chat with us",
    "body": "Solar for your roof",
    "ctwa_clid": "ARAkLkA8rmlFeiCktEJQ",
    "media_type": "video",
    "welcome_message": {"text": "Hi!"},
}


def test_an_ad_tells_the_click_and_itself() -> None:
    message = {"referral": REFERRAL}

    assert source_url_of(message) == "https://fb.me/2ZulEFo"
    assert attribution_of(message) == {
        "ctwa_clid": "ARAkLkA8rmlFeiCktEJQ",
        "media_type": "video",
        "source_id": "120208600000000001",
        "source_type": "ad",
        "headline": "Chat with us",
        "body": "Solar for your roof",
        "welcome_message": "Hi!",
    }


@pytest.mark.parametrize("key", REFERRAL)
def test_every_key_may_be_missing(key: str) -> None:
    less = {"referral": {k: v for k, v in REFERRAL.items() if k != key}}
    missing = {"source_url": "ctwa_clid"}.get(key, key)

    assert (source_url_of(less) is None) is (key == "source_url")
    assert (missing in attribution_of(less)) is (key == "source_url")


@pytest.mark.parametrize("odd", [None, 1.5, True, "", "\0", [], {}, ["x"], {"x": "y"}])
def test_a_value_of_another_type_tells_nothing(odd: Any) -> None:
    for message in ({"referral": odd}, {"referral": dict.fromkeys(REFERRAL, odd)}):
        assert attribution_of(message) == {}
        assert source_url_of(message) is None
    assert attribution_of({"context": odd}) == {}


def test_a_product_that_is_asked_about_is_told() -> None:
    product = {"catalog_id": 194836987003835, "product_retailer_id": "sku-1"}

    assert attribution_of({"context": {"referred_product": product}}) == {
        "catalog_id": "194836987003835",
        "product_retailer_id": "sku-1",
    }


def test_a_product_that_was_chosen_is_told() -> None:
    product = {"catalog_id": "194836987003835", "product_retailer_id": "sku-1"}

    assert attribution_of({"interactive": {"type": "product", "product": product}}) == product


def test_a_product_is_never_told_with_another_one_s_catalogue() -> None:
    message = {
        "context": {"referred_product": {"product_retailer_id": "sku-1"}},
        "interactive": {"product": {"catalog_id": "194836987003835"}},
    }

    assert attribution_of(message) == {"product_retailer_id": "sku-1"}


def test_a_number_that_somebody_may_have_rounded_is_no_ad_s_id() -> None:
    exact, rounded = 120208600000000001, int(float(120208600000000001))

    assert attribution_of({"referral": {"source_id": exact}}) == {"source_id": str(exact)}
    assert attribution_of({"referral": {"source_id": rounded}}) == {}


def test_what_the_conversions_interface_asks_for_is_among_the_attributes() -> None:
    assert {"ctwa_clid", "source_id"} <= AD.keys()
