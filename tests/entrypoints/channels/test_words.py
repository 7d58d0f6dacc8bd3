"""From the words in `SWIFTCRM_CHANNELS` to channels."""

import pytest

from adapters.whatsapp import WhatsAppChannel
from entrypoints.channels.loading import load_channels
from entrypoints.process.settings import BUILT_IN_CHANNELS
from tests.entrypoints.channels.conftest import CHANNEL, Module, refusal


def test_a_word_is_a_folder_of_adapters() -> None:
    channels = load_channels(["whatsapp"])

    assert list(channels) == ["whatsapp"]
    assert isinstance(channels["whatsapp"], WhatsAppChannel)


def test_every_built_in_channel_loads() -> None:
    assert set(load_channels(BUILT_IN_CHANNELS)) == set(BUILT_IN_CHANNELS)


def test_no_words_are_no_channels() -> None:
    assert load_channels([]) == {}


def test_a_factory_outside_the_repository_is_a_channel_beside_ours(module: Module) -> None:
    word = f"{module(CHANNEL.format(name='fairs'))}:factory"

    assert list(load_channels(["whatsapp", word])) == ["whatsapp", "fairs"]


@pytest.mark.parametrize(
    "word",
    [
        "telegrm",
        "WhatsApp",
        "whatsapp ",
        "what.sapp",
        "whatsapp:",
        "nowhere.leads:factory",
        "adapters.nowhere:channel",
        ":factory",
        ".relative:factory",
        "..:channel",
        "",
    ],
)
def test_a_word_that_names_nothing_is_named(word: str) -> None:
    text = refusal("whatsapp", word)

    assert text.startswith(f"SWIFTCRM_CHANNELS: {word}:")


def test_a_module_that_is_not_there_is_said_to_be_missing() -> None:
    assert "there is no module 'adapters.telegrm'" in refusal("telegrm")
    assert "there is no module 'nowhere.leads'" in refusal("nowhere.leads:factory")


@pytest.mark.parametrize(
    ("word", "meant"),
    [("fair-leads:factory", "fair_leads:factory"), ("fair leads.a-b:f", "fair_leads.a_b:f")],
)
def test_the_name_that_an_import_has_is_suggested_for_a_distributions(
    word: str, meant: str
) -> None:
    assert refusal(word).endswith(f"; is it {meant}?")


@pytest.mark.parametrize("word", ["whatsapp:", "..:channel", "", "a-b-"])
def test_nothing_is_suggested_for_a_word_that_means_nothing(word: str) -> None:
    assert refusal(word).endswith("nor package.module:factory")


def test_a_folder_of_adapters_that_is_no_channel_is_refused() -> None:
    assert "'adapters.sqlite' has no function 'channel'" in refusal("sqlite")


def test_two_of_one_name_are_refused(module: Module) -> None:
    word = f"{module(CHANNEL.format(name='whatsapp'))}:factory"

    text = refusal("whatsapp", word)

    assert text.startswith(f"SWIFTCRM_CHANNELS: {word}:")
    assert "'whatsapp' already" in text


def test_one_word_twice_is_refused() -> None:
    assert "'whatsapp' already" in refusal("whatsapp", "whatsapp")
