"""A channel's settings as fields of a form: what they are called, and what was typed into them."""

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from domain.channel import ChannelSetting, Misfit, SettingValues
from domain.delivery import LONGEST_RECIPIENT
from entrypoints.console.frame.forms import SHOWN, Form

LONGEST_SHOWN = 40
MOST_SHOWN = 10
_READ_ON = "The line below the field says what does."
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Nobody sees these, and they turn the direction of the words that follow in a sentence."""
_PREFIX = "set_"
"""A channel may call a setting what it likes, and a form has fields of its own."""


def field_name(name: str) -> str:
    """What the form calls the setting of this name."""
    return f"{_PREFIX}{name}"


def label(name: str) -> str:
    """What a person calls the setting of this name: `app_secret` is the App secret."""
    return name.replace("_", " ").capitalize()


def help_of(setting: ChannelSetting) -> str:
    """What to fill in."""
    several = setting.at_most > 1 and not setting.secret
    return as_sentence(setting.help) + (" One to a line." if several else "")


def typed(setting: ChannelSetting, form: Form) -> Sequence[str]:
    """The values that somebody typed; of a secret at most one, for the other is kept."""
    return _values(setting, form.text(field_name(setting.name)))


def _values(setting: ChannelSetting, text: str) -> Sequence[str]:
    one_alone = setting.secret or setting.at_most == 1
    parts = [text] if one_alone else re.split(r"[,\n]", text)
    return [part.strip() for part in parts if part.strip()]


def all_typed(settings: Sequence[ChannelSetting], form: Form) -> SettingValues:
    """The values of each setting that the form has a field of; any other stays as it is."""
    sent = form.values or {}
    return {one.name: typed(one, form) for one in settings if field_name(one.name) in sent}


def all_shown(settings: Sequence[ChannelSetting], form: Form) -> SettingValues:
    """What each of them had when the page was opened, as far as the form says it."""
    sent = form.values or {}
    return {
        one.name: _values(one, form.shown(field_name(one.name), ""))
        for one in settings
        if f"{SHOWN}{field_name(one.name)}" in sent
    }


def now_set(settings: Mapping[ChannelSetting, Sequence[str]]) -> Mapping[str, str]:
    """What each field has before anybody types; a secret is never among them."""
    return {
        field_name(one.name): "\n".join(values)
        for one, values in settings.items()
        if not one.secret
    }


def misfits(settings: Sequence[ChannelSetting], form: Form) -> Mapping[str, str]:
    """What to do about each field whose setting cannot have what was typed."""
    found = {}
    for setting in settings:
        values = typed(setting, form)
        misfit = setting.misfit(values)
        if misfit is not None:
            sentence = f"{label(setting.name)}: {_MISFITS[misfit](setting, values)}"
            found[field_name(setting.name)] = sentence
    return found


def valid(count: int) -> str:
    """How a secret stands of which so many are valid, one at least."""
    return {1: "Set", 2: "Two are valid"}.get(count, f"{count} are valid")


def as_sentence(text: str) -> str:
    """*text* with a capital letter, and a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def cut(text: str) -> str:
    """*text*, or its beginning, without what turns words: senders say what they like."""
    text = _TURNS.sub("\ufffd", text)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


def some_of(texts: Sequence[str]) -> str:
    """The first of *texts*, and how many more there are."""
    more = len(texts) - MOST_SHOWN
    return ", ".join(map(cut, texts[:MOST_SHOWN])) + (f" and {more} more" if more > 0 else "")


def _too_many(setting: ChannelSetting, values: Sequence[str]) -> str:
    most = "one value" if setting.at_most == 1 else f"{setting.at_most} values"
    return f"these are {len(values)}, and there is room for {most}."


def _too_long(_: ChannelSetting, values: Sequence[str]) -> str:
    return f"“{cut(max(values, key=len))}” is longer than {LONGEST_RECIPIENT} characters."


def _not_taken(setting: ChannelSetting, values: Sequence[str]) -> str:
    if setting.secret:
        return f"this does not fit. {_READ_ON}"
    wrong = next(value for value in values if not setting.takes(value))
    return f"“{cut(wrong)}” does not fit. {_READ_ON}"


_MISFITS: Mapping[Misfit, Callable[[ChannelSetting, Sequence[str]], str]] = MappingProxyType(
    {
        Misfit.TOO_MANY: _too_many,
        Misfit.TOO_LONG: _too_long,
        Misfit.NOT_TAKEN: _not_taken,
    }
)
