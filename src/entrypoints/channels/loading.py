"""From the words in `SWIFTCRM_CHANNELS` to channels, at boot, with the cause where it fails."""

import importlib
import re
from collections.abc import Iterable
from types import ModuleType

from application.ports.lead_channel import LeadChannel
from entrypoints.channels.rules import causes_against
from entrypoints.process.configuration_error import ConfigurationError

_WORD = re.compile(r"\w+(?:\.\w+)*(?::\w+)?")
FACTORY = "channel"


def load_channels(words: Iterable[str]) -> dict[str, LeadChannel]:
    """
    The channels by name: a word is a folder of `adapters`, or `package.module:factory`.

    Raises:
        ConfigurationError: A word names no channel, or two have one name.
    """
    channels: dict[str, LeadChannel] = {}
    for word in words:
        channel = _load(word)
        if channel.name in channels:
            raise ConfigurationError(
                f"SWIFTCRM_CHANNELS: {word}: another channel is called {channel.name!r} already"
            )
        channels[channel.name] = channel
    return channels


def _load(word: str) -> LeadChannel:
    if _WORD.fullmatch(word) is None:
        raise _wrong(
            word, f"this is neither a channel's name nor package.module:factory{_meant(word)}"
        )
    module_name, _, factory_name = word.partition(":")
    if not factory_name:
        module_name, factory_name = f"adapters.{word}", FACTORY
    module = _module(word, module_name)
    if not hasattr(module, factory_name):
        raise _wrong(word, f"{module_name!r} has no function {factory_name!r}")
    factory = getattr(module, factory_name)
    if not callable(factory):
        raise _wrong(word, f"{factory_name!r} in {module_name!r} is not a function")
    try:
        channel: LeadChannel = factory()
    except Exception as error:
        raise _wrong(word, f"{factory_name}() failed: {error!r}") from error
    causes = causes_against(channel)
    if causes:
        raise _wrong(
            word,
            f"{factory_name}() did not give a LeadChannel that can be used: {'; '.join(causes)}",
        )
    return channel


def _module(word: str, module_name: str) -> ModuleType:
    try:
        return importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
            raise _wrong(word, f"it needs the module {error.name!r}, which is missing") from error
        raise _wrong(word, f"there is no module {module_name!r}{_hint(word)}") from None
    except ImportError as error:
        raise _wrong(word, f"{module_name!r} cannot be imported: {error}") from error
    except Exception as error:
        raise _wrong(word, f"{module_name!r} fails when it is imported: {error!r}") from error


def _meant(word: str) -> str:
    """A distribution has dashes in its name where the package to import has underscores."""
    meant = re.sub(r"(?<=\w)[- ](?=\w)", "_", word)
    return f"; is it {meant}?" if _WORD.fullmatch(meant) else ""


def _hint(word: str) -> str:
    return "" if ":" in word else "; outside this repository, write package.module:factory"


def _wrong(word: str, cause: str) -> ConfigurationError:
    return ConfigurationError(f"SWIFTCRM_CHANNELS: {word}: {cause}")
