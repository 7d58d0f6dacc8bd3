"""What is wrong with a channel is said in words that lead to it."""

import inspect
import re
from typing import Any

import pytest

from application.ports.lead_channel import LeadChannel
from domain.channel import ChannelSetting
from entrypoints.channels.rules import causes_against
from tests.architecture.source import port_methods

METHODS = tuple(port_methods(LeadChannel))
MEMBERS = ("name", "settings", "checklist", "belong_together", "largest_body_bytes")


def a_channel(**members: Any) -> object:
    """A channel that inherits nothing, with these members; one that is ... is left out."""
    methods = {name: lambda *_: None for name in METHODS}
    whole = {
        "name": "fairs",
        "settings": (),
        "checklist": (),
        "belong_together": (),
        "largest_body_bytes": 1,
        **methods,
        **members,
    }
    return type("Fairs", (), {k: v for k, v in whole.items() if v is not ...})()


def a_setting(**members: Any) -> ChannelSetting:
    return ChannelSetting(**{"name": "token", "help": "what the sender calls token"} | members)


def test_a_whole_channel_is_taken() -> None:
    settings = (a_setting(), a_setting(name="other", secret=True, at_most=2, pattern=r"\w{8,50}"))

    assert causes_against(a_channel(settings=settings, checklist=("Look at the log.",))) == []


@pytest.mark.parametrize("members", [{}, {"at_most": 2}, {"at_most": 100}, {"generated": True}])
def test_a_setting_without_a_pattern_of_its_own_can_be(members: dict[str, Any]) -> None:
    assert causes_against(a_channel(settings=(a_setting(**members),))) == []


@pytest.mark.parametrize("member", [*MEMBERS, *METHODS])
def test_a_member_that_is_missing_is_named(member: str) -> None:
    (cause,) = causes_against(a_channel(**{member: ...}))

    assert cause == f"Fairs is not a LeadChannel: it lacks {member}"


def test_all_that_the_port_names_is_asked_for() -> None:
    members = set(vars(LeadChannel)["__annotations__"])

    (cause,) = causes_against(object())

    assert set(re.split(", | ", cause.partition("lacks ")[2])) == members | set(METHODS)


@pytest.mark.parametrize("method", METHODS)
def test_a_method_that_is_none_or_waits_is_named(method: str) -> None:
    async def waits(*_: object) -> None: ...

    assert causes_against(a_channel(**{method: 1})) == [f"{method} is not a method"]
    assert inspect.iscoroutinefunction(waits)
    (cause,) = causes_against(a_channel(**{method: waits}))
    assert cause.startswith(f"{method}() is async")


@pytest.mark.parametrize("name", ["", "Fairs", "fa-irs", "1fairs", "f" * 32, None, 7, "fairs\n"])
def test_a_name_that_no_url_takes_is_repeated(name: Any) -> None:
    (cause,) = causes_against(a_channel(name=name))

    assert repr(name) in cause


@pytest.mark.parametrize("name", ["rest", "public", "keys"])
def test_a_name_of_ours_is_taken(name: str) -> None:
    assert "taken" in causes_against(a_channel(name=name))[0]


@pytest.mark.parametrize("checklist", ["a string", None, 7, ("",), ("two\nlines",), (7,)])
def test_a_checklist_is_lines(checklist: Any) -> None:
    (cause,) = causes_against(a_channel(checklist=checklist))

    assert cause.startswith("checklist must")


@pytest.mark.parametrize("settings", [None, 7, "token", ("token",), [{}], {"token": "x"}])
def test_settings_are_channel_settings(settings: Any) -> None:
    assert causes_against(a_channel(settings=settings)) == [
        "settings must be a tuple of ChannelSetting"
    ]


@pytest.mark.parametrize(
    ("members", "cause"),
    [
        ({"name": "Token"}, "its name"),
        ({"name": "to-ken"}, "its name"),
        ({"name": 7}, "its name"),
        ({"help": ""}, "help must be one line"),
        ({"help": "two\nlines"}, "help must be one line"),
        ({"help": None}, "help must be one line"),
        ({"warning_when_unset": "two\nlines"}, "warning_when_unset must be one line"),
        ({"at_most": 0}, "at_most must be 1 or more"),
        ({"at_most": True}, "at_most must be 1 or more"),
        ({"at_most": "2"}, "at_most must be 1 or more"),
        ({"pattern": "["}, "pattern is not a regular expression: unterminated"),
        ({"pattern": 7}, "pattern is not a regular expression"),
        ({"pattern": re.compile("a")}, "pattern is not a regular expression"),
        ({"pattern": ".*"}, "pattern takes ''"),
        ({"pattern": "[^a]+"}, "pattern takes '\\n'"),
        ({"at_most": 2, "pattern": "[0-9,]{9,}"}, "pattern takes a comma"),
        ({"generated": True, "pattern": "[0-9]+"}, "pattern refuses generated values"),
        ({"generated": True, "pattern": "[a-zA-Z0-9_]+"}, "pattern refuses generated values"),
        ({"generated": True, "pattern": r"[\w-]{1,20}"}, "pattern refuses generated values"),
        ({"generated": True, "secret": True}, "generated and secret"),
        ({"recipients": True, "secret": True}, "recipients and secret"),
        ({"name": "webhook_url"}, "channel show prints something else"),
        ({"name": "key_id"}, "channel show prints something else"),
    ],
)
def test_a_setting_that_cannot_be_is_named_with_its_cause(
    members: dict[str, Any], cause: str
) -> None:
    setting = a_setting(**members)

    (found,) = causes_against(a_channel(settings=(setting,)))

    assert found.startswith(f"the setting {setting.name!r}: ")
    assert cause in found


def test_two_settings_of_one_name_are_named() -> None:
    settings = (a_setting(), a_setting(help="another"))

    assert causes_against(a_channel(settings=settings)) == ["two settings are called 'token'"]


def test_a_setting_called_as_what_is_shown_of_a_secret_is_refused() -> None:
    settings = (a_setting(secret=True), a_setting(name="token_set"))

    (cause,) = causes_against(a_channel(settings=settings))

    assert cause.startswith("the setting 'token_set'")


@pytest.mark.parametrize("sets", [None, 7, "ad", ({"ad"},), (frozenset({1}),), ("ad",)])
def test_what_belongs_together_is_sets_of_names(sets: Any) -> None:
    (cause,) = causes_against(a_channel(belong_together=sets))

    assert cause == "belong_together must be a tuple of frozensets of names"


@pytest.mark.parametrize("size", [0, -1, 4 * 1024 * 1024 + 1, 1.5, "64", None, True])
def test_the_largest_body_is_bounded(size: Any) -> None:
    (cause,) = causes_against(a_channel(largest_body_bytes=size))

    assert cause == f"largest_body_bytes must be 1 to 4,194,304, and is {size!r}"
