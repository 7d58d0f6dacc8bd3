"""What a channel must be; the boot and the channel contract judge by it."""

import inspect
import re
from collections.abc import Iterator, Sequence
from typing import Any

from domain.channel import ChannelSetting
from domain.delivery import LARGEST_BODY_BYTES

RESERVED_NAMES = frozenset({"rest", "public", "keys"})
"""Channels of ours that have other routes; and a page beside those of channels in the console."""

SHOWN_BESIDE_SETTINGS = frozenset({"webhook_url", "key_id"})
"""What `swiftcrm channel show --json` says of every channel."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
_SETTING_NAME = re.compile(r"[a-z][a-z0-9_]{0,50}")
_MEMBERS = ("name", "settings", "checklist", "belong_together", "largest_body_bytes")
_METHODS = ("answer_challenge", "authenticate_head", "authenticate", "read", "sample")
_NO_VALUES = ("", "\n", "line\nbreak", "é\0")
_MADE_VALUES = ("abcdefghijklmnopqrstuvwxyz012345", "-BCDEFGHIJKLMNOPQRSTUVWXYZ_6789-")
"""Every character that a generated value may have, in its length."""


def causes_against(channel: object) -> list[str]:
    """Why *channel* cannot be switched on, in words for whoever wrote it; empty if it can."""
    if isinstance(channel, type):
        return [f"{channel.__name__} is a class: give an instance of it"]
    missing = [name for name in (*_MEMBERS, *_METHODS) if not hasattr(channel, name)]
    if missing:
        return [f"{type(channel).__name__} is not a LeadChannel: it lacks {', '.join(missing)}"]
    has: Any = channel
    return [
        *_against_the_methods(has),
        *_against_the_name(has.name),
        *_against_the_settings(has.settings),
        *_against_the_checklist(has.checklist),
        *_against_what_belongs_together(has.belong_together),
        *_against_the_largest_body(has.largest_body_bytes),
    ]


def _against_the_methods(channel: object) -> Iterator[str]:
    for name in _METHODS:
        method = getattr(channel, name)
        if not callable(method):
            yield f"{name} is not a method"
        elif inspect.iscoroutinefunction(method):
            yield f"{name}() is async: a channel does no I/O, so nothing in it waits"


def _against_the_name(name: object) -> Iterator[str]:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        yield (
            f"a channel cannot be called {name!r}: a lower-case letter, then up to 30 of"
            " a-z, 0-9 and _"
        )
    elif name in RESERVED_NAMES:
        yield f"a channel cannot be called {name!r}: that name is taken by the service"


def _against_the_checklist(checklist: object) -> Iterator[str]:
    if isinstance(checklist, str) or not isinstance(checklist, Sequence):
        yield "checklist must be a tuple of lines"
    elif not all(_is_line(line) for line in checklist):
        yield "checklist must hold single lines with something in them"


def _against_what_belongs_together(sets: object) -> Iterator[str]:
    if not isinstance(sets, Sequence) or not all(map(_is_set_of_names, sets)):
        yield "belong_together must be a tuple of frozensets of names"


def _is_set_of_names(names: object) -> bool:
    return isinstance(names, frozenset) and all(isinstance(name, str) for name in names)


def _against_the_largest_body(size: object) -> Iterator[str]:
    if type(size) is not int or not 0 < size <= LARGEST_BODY_BYTES:
        yield f"largest_body_bytes must be 1 to {LARGEST_BODY_BYTES:,}, and is {size!r}"


def _against_the_settings(settings: object) -> Iterator[str]:
    if not isinstance(settings, Sequence) or not all(
        isinstance(setting, ChannelSetting) for setting in settings
    ):
        yield "settings must be a tuple of ChannelSetting"
        return
    names = [setting.name for setting in settings]
    for name in sorted({str(name) for name in names if names.count(name) > 1}):
        yield f"two settings are called {name!r}"
    shown = {f"{setting.name}_set" for setting in settings if setting.secret}
    for setting in settings:
        if setting.name in SHOWN_BESIDE_SETTINGS | shown:
            yield f"the setting {setting.name!r}: channel show prints something else by that name"
        yield from (f"the setting {setting.name!r}: {cause}" for cause in _against(setting))


def _against(setting: Any) -> Iterator[str]:
    if not isinstance(setting.name, str) or not _SETTING_NAME.fullmatch(setting.name):
        yield "its name must be a lower-case letter, then up to 50 of a-z, 0-9 and _"
    if not _is_line(setting.help):
        yield "help must be one line"
    if setting.warning_when_unset != "" and not _is_line(setting.warning_when_unset):
        yield "warning_when_unset must be one line"
    if type(setting.at_most) is not int or setting.at_most < 1:
        yield "at_most must be 1 or more"
    elif (cause := _against_the_pattern(setting)) is not None:
        yield cause
    if setting.generated and setting.secret:
        yield "it is generated and secret: nobody would ever see its value"
    if setting.recipients and setting.secret:
        yield "its values are recipients and secret: nobody can look for what is encrypted"


def _against_the_pattern(setting: ChannelSetting) -> str | None:
    try:
        taken = [value for value in _NO_VALUES if setting.takes(value)]
        if taken:
            return f"pattern takes {taken[0]!r}: no value is empty, has line breaks or NULs"
        if setting.at_most > 1 and _takes_a_comma(setting):
            return "pattern takes a comma, which stands between several values"
        if setting.generated and not all(map(setting.takes, _MADE_VALUES)):
            return "pattern refuses generated values: 32 letters, digits, - and _"
    except (re.error, TypeError, ValueError) as error:
        return f"pattern is not a regular expression: {error}"
    return None


def _takes_a_comma(setting: ChannelSetting) -> bool:
    return any(setting.takes(text) for text in (",", "1" * 12 + "," + "2" * 12, "a,b"))


def _is_line(text: object) -> bool:
    return isinstance(text, str) and bool(text.strip()) and len(text.splitlines()) == 1
