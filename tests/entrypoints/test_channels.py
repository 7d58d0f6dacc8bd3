"""From the words in `SWIFTCRM_CHANNELS` to channels."""

import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from adapters.whatsapp import WhatsAppChannel
from entrypoints.channels import load_channels
from entrypoints.settings import BUILT_IN_CHANNELS, ConfigurationError

_CHANNEL = """
from adapters.whatsapp import WhatsAppChannel

class Channel(WhatsAppChannel):
    name = {name!r}

def factory():
    return Channel()
"""
_numbers = count(1)

Module = Callable[[str], str]


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Module]:
    """Makes a module outside the repository; its name."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(tmp_path)

    def make(source: str) -> str:
        package = f"outside{next(_numbers)}"
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
        (tmp_path / package / "leads.py").write_text(source)
        return f"{package}.leads"

    yield make
    for name in set(sys.modules) - before:
        del sys.modules[name]


def _refusal(*words: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        load_channels(words)
    return str(caught.value)


def test_a_word_is_a_folder_of_adapters() -> None:
    channels = load_channels(["whatsapp"])

    assert list(channels) == ["whatsapp"]
    assert isinstance(channels["whatsapp"], WhatsAppChannel)


def test_every_built_in_channel_loads() -> None:
    assert set(load_channels(BUILT_IN_CHANNELS)) == set(BUILT_IN_CHANNELS)


def test_no_words_are_no_channels() -> None:
    assert load_channels([]) == {}


def test_a_factory_outside_the_repository_is_a_channel_beside_ours(module: Module) -> None:
    word = f"{module(_CHANNEL.format(name='fairs'))}:factory"

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
    text = _refusal("whatsapp", word)

    assert text.startswith(f"SWIFTCRM_CHANNELS: {word}:")


def test_a_module_that_is_not_there_is_said_to_be_missing() -> None:
    assert "there is no module 'adapters.telegrm'" in _refusal("telegrm")
    assert "there is no module 'nowhere.leads'" in _refusal("nowhere.leads:factory")


def test_a_dependency_that_is_missing_is_told_apart_from_the_module(module: Module) -> None:
    name = module("import not_installed_anywhere")

    assert "'not_installed_anywhere', which is missing" in _refusal(f"{name}:factory")


def test_a_name_that_a_dependency_does_not_have_is_the_cause(module: Module) -> None:
    name = module("from json import nonsense")

    assert "cannot import name 'nonsense'" in _refusal(f"{name}:factory")


@pytest.mark.parametrize(
    ("source", "cause"),
    [("raise RuntimeError('no fair today')", "no fair today"), ("def (", "SyntaxError")],
)
def test_a_module_that_fails_on_import_is_the_cause(
    module: Module, source: str, cause: str
) -> None:
    assert cause in _refusal(f"{module(source)}:factory")


@pytest.mark.parametrize(
    ("word", "meant"),
    [("fair-leads:factory", "fair_leads:factory"), ("fair leads.a-b:f", "fair_leads.a_b:f")],
)
def test_the_name_that_an_import_has_is_suggested_for_a_distributions(
    word: str, meant: str
) -> None:
    assert _refusal(word).endswith(f"; is it {meant}?")


@pytest.mark.parametrize("word", ["whatsapp:", "..:channel", "", "a-b-"])
def test_nothing_is_suggested_for_a_word_that_means_nothing(word: str) -> None:
    assert _refusal(word).endswith("nor package.module:factory")


def test_a_module_without_the_factory_is_named(module: Module) -> None:
    name = module("")

    assert f"'{name}' has no function 'factory'" in _refusal(f"{name}:factory")


def test_what_is_there_and_no_function_is_told_apart(module: Module) -> None:
    name = module("factory = 1")

    assert f"'factory' in '{name}' is no function" in _refusal(f"{name}:factory")


def test_a_folder_of_adapters_that_is_no_channel_is_refused() -> None:
    assert "'adapters.sqlite' has no function 'channel'" in _refusal("sqlite")


def test_a_factory_that_fails_is_the_cause(module: Module) -> None:
    name = module("def factory():\n    raise KeyError('FAIR_TOKEN')")

    text = _refusal(f"{name}:factory")

    assert "factory() failed" in text
    assert "FAIR_TOKEN" in text


@pytest.mark.parametrize("gift", ["None", "object()", "'whatsapp'"])
def test_what_is_no_channel_is_refused(module: Module, gift: str) -> None:
    name = module(f"def factory():\n    return {gift}")

    text = _refusal(f"{name}:factory")

    assert "gave no LeadChannel" in text
    assert "it lacks name, settings" in text


def test_a_class_in_place_of_a_channel_is_refused(module: Module) -> None:
    source = _CHANNEL.format(name="fairs") + "    \ndef of_class():\n    return Channel\n"

    assert "Channel is a class" in _refusal(f"{module(source)}:of_class")


def test_a_channel_with_a_forgotten_method_is_refused(module: Module) -> None:
    source = """
    from application.ports.lead_channel import LeadChannel

    class Channel(LeadChannel):
        name = "fairs"
        settings = ()

    def factory():
        return Channel()
    """
    name = module("\n".join(line[4:] for line in source.splitlines()))

    text = _refusal(f"{name}:factory")

    assert all(f"{method}" in text for method in ("abstract", "authenticate", "sample"))


def test_every_cause_is_said_at_once(module: Module) -> None:
    source = _CHANNEL.format(name="Fairs") + "    \nChannel.checklist = 'one string'\n"

    text = _refusal(f"{module(source)}:factory")

    assert "cannot be called 'Fairs'" in text
    assert "checklist must be" in text


@pytest.mark.parametrize(
    "name", ["", "Fairs", "fa-irs", "fa/irs", "1fairs", "füirs", "f" * 32, "rest", "public", None]
)
def test_a_name_that_no_channel_can_have_is_refused(module: Module, name: str | None) -> None:
    text = _refusal(f"{module(_CHANNEL.format(name=name))}:factory")

    assert f"a channel cannot be called {name!r}" in text


def test_two_of_one_name_are_refused(module: Module) -> None:
    word = f"{module(_CHANNEL.format(name='whatsapp'))}:factory"

    text = _refusal("whatsapp", word)

    assert text.startswith(f"SWIFTCRM_CHANNELS: {word}:")
    assert "'whatsapp' already" in text


def test_one_word_twice_is_refused() -> None:
    assert "'whatsapp' already" in _refusal("whatsapp", "whatsapp")
