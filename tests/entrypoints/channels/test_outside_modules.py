"""What is wrong with a channel from outside the repository is said."""

import pytest

from tests.entrypoints.channels.conftest import CHANNEL, Module, refusal


def test_a_dependency_that_is_missing_is_told_apart_from_the_module(module: Module) -> None:
    name = module("import not_installed_anywhere")

    assert "'not_installed_anywhere', which is missing" in refusal(f"{name}:factory")


def test_a_name_that_a_dependency_does_not_have_is_the_cause(module: Module) -> None:
    name = module("from json import nonsense")

    assert "cannot import name 'nonsense'" in refusal(f"{name}:factory")


@pytest.mark.parametrize(
    ("source", "cause"),
    [("raise RuntimeError('no fair today')", "no fair today"), ("def (", "SyntaxError")],
)
def test_a_module_that_fails_on_import_is_the_cause(
    module: Module, source: str, cause: str
) -> None:
    assert cause in refusal(f"{module(source)}:factory")


def test_a_module_without_the_factory_is_named(module: Module) -> None:
    name = module("")

    assert f"'{name}' has no function 'factory'" in refusal(f"{name}:factory")


def test_what_is_there_and_no_function_is_told_apart(module: Module) -> None:
    name = module("factory = 1")

    assert f"'factory' in '{name}' is not a function" in refusal(f"{name}:factory")


def test_a_factory_that_fails_is_the_cause(module: Module) -> None:
    name = module("def factory():\n    raise KeyError('FAIR_TOKEN')")

    text = refusal(f"{name}:factory")

    assert "factory() failed" in text
    assert "FAIR_TOKEN" in text


@pytest.mark.parametrize("gift", ["None", "object()", "'whatsapp'"])
def test_what_is_no_channel_is_refused(module: Module, gift: str) -> None:
    name = module(f"def factory():\n    return {gift}")

    text = refusal(f"{name}:factory")

    assert "did not give a LeadChannel" in text
    assert "it lacks name, settings" in text


def test_a_class_in_place_of_a_channel_is_refused(module: Module) -> None:
    source = CHANNEL.format(name="fairs") + "    \ndef of_class():\n    return Channel\n"

    assert "Channel is a class" in refusal(f"{module(source)}:of_class")


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

    text = refusal(f"{name}:factory")

    assert all(method in text for method in ("abstract", "authenticate", "sample"))


def test_every_cause_is_said_at_once(module: Module) -> None:
    source = CHANNEL.format(name="Fairs") + "    \nChannel.checklist = 'one string'\n"

    text = refusal(f"{module(source)}:factory")

    assert "cannot be called 'Fairs'" in text
    assert "checklist must be" in text


@pytest.mark.parametrize(
    "name", ["", "Fairs", "fa-irs", "fa/irs", "1fairs", "füirs", "f" * 32, "rest", "public", None]
)
def test_a_name_that_no_channel_can_have_is_refused(module: Module, name: str | None) -> None:
    text = refusal(f"{module(CHANNEL.format(name=name))}:factory")

    assert f"a channel cannot be called {name!r}" in text
