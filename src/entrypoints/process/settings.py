"""Every setting of the program, from `SWIFTCRM_…` variables or a `.env` file."""

import os
import re
from contextlib import suppress
from ipaddress import IPv4Network, IPv6Network, ip_interface
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, get_args
from urllib.parse import unquote, urlsplit

from dotenv import dotenv_values
from pydantic import ValidationError, ValidatorFunctionWrapHandler, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from entrypoints.process.configuration_error import ConfigurationError

PREFIX = "SWIFTCRM_"
BUILT_IN_CHANNELS = ("whatsapp", "google_ads")
ENV_FILE = ".env"
DATA_FOLDER = Path("data")
"""Where files of ours go when the store is a server, relative to the working directory."""
LONGEST_DRAIN_SECONDS = 300
MOST_HELD = 1_000_000
SWITCH = {"on": True, "off": False}
SECONDS = {"second": 1, "minute": 60, "hour": 3600}

Network = IPv4Network | IPv6Network
Driver = Literal["motor", "pymongo"]


class Rate(NamedTuple):
    """So many calls in so many seconds."""

    calls: int
    seconds: int


class Settings(BaseSettings):
    """What an operator may set; `.env.example` lists the same with comments."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=ENV_FILE, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    database_url: str = "sqlite:///data/swiftcrm.db"
    mongodb_driver: Driver = "motor"
    redis_url: str = "memory://"
    public_url: str = "http://127.0.0.1:8000"
    channels: Annotated[tuple[str, ...], NoDecode] = BUILT_IN_CHANNELS
    rate_limit: Annotated[Rate | None, NoDecode] = Rate(12_000, 60)
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode] = ()
    secret_key: Annotated[tuple[str, ...], NoDecode] = ()
    held_days: int = 90
    held_max: int = 10_000
    drain_wait_seconds: float = 0.0
    console: bool = True

    @field_validator("channels", "secret_key", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return _parts(value) if isinstance(value, str) else value

    @field_validator("secret_key")
    @classmethod
    def _is_fernet_key(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(re.fullmatch(r"[A-Za-z0-9_-]{43}=", key) for key in value):
            raise ValueError("must be 32 bytes in URL-safe base64; several are comma-separated")
        return value

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            given = [ip_interface(part) for part in _parts(value)]
        except ValueError:
            raise ValueError(
                "must be networks like 192.0.2.0/24 or ::1/128, comma-separated"
            ) from None
        for one in given:
            if one.ip != one.network.network_address:
                raise ValueError(
                    f"must be a network, without bits of a host: is {one.network} meant?"
                )
        return [one.network for one in given]

    @field_validator("mongodb_driver", mode="before")
    @classmethod
    def _known_driver(cls, value: object) -> object:
        if value not in get_args(Driver):
            raise ValueError(f"must be {' or '.join(get_args(Driver))}")
        return value

    @field_validator("rate_limit", mode="before")
    @classmethod
    def _rate(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        if value.strip().lower() == "off":
            return None
        match = re.fullmatch(r"\s*([1-9][0-9]{0,8})\s*/\s*(second|minute|hour)\s*", value)
        if match is None:
            raise ValueError("must be like 12000/minute (or second, hour), or off")
        return Rate(int(match[1]), SECONDS[match[2]])

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not re.match(r"sqlite:///.|mongodb(\+srv)?://.", value):
            raise ValueError("must be sqlite:///PATH or mongodb://HOST/DATABASE")
        return value

    @field_validator("redis_url")
    @classmethod
    def _known_redis(cls, value: str) -> str:
        if not re.fullmatch(r"memory://|(rediss?|unix)://.+", value):
            raise ValueError("must be memory:// or redis://HOST")
        return value

    @field_validator("public_url")
    @classmethod
    def _is_web_address(cls, value: str) -> str:
        try:
            parts = urlsplit(value)
            usable = parts.hostname and (parts.port is None or parts.port > 0)
        except ValueError:
            usable = False
        if not usable or not re.fullmatch(r"https?://[^\s?#]+", value):
            raise ValueError("must be like https://leads.example.com")
        return value

    @field_validator("held_days", "held_max", mode="wrap")
    @classmethod
    def _is_positive(cls, value: object, parse: ValidatorFunctionWrapHandler) -> int:
        with suppress(ValidationError):
            if 0 < (number := parse(value)) <= MOST_HELD:
                return int(number)
        raise ValueError(f"must be a whole number from 1 to {MOST_HELD}")

    @field_validator("drain_wait_seconds", mode="wrap")
    @classmethod
    def _is_short(cls, value: object, parse: ValidatorFunctionWrapHandler) -> float:
        with suppress(ValidationError):
            if 0 <= (seconds := parse(value)) <= LONGEST_DRAIN_SECONDS:
                return float(seconds)
        raise ValueError(f"must be 0 to {LONGEST_DRAIN_SECONDS} seconds")

    @field_validator("console", mode="before")
    @classmethod
    def _on_or_off(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        if (wanted := value.strip().lower()) not in SWITCH:
            raise ValueError("must be on or off")
        return SWITCH[wanted]

    @property
    def store(self) -> Literal["sqlite", "mongodb"]:
        """Which adapter keeps what must last."""
        return "sqlite" if self.database_url.startswith("sqlite:") else "mongodb"

    @property
    def rate_limits(self) -> Literal["memory", "redis"]:
        """Which adapter keeps the windows of the rate limit."""
        return "memory" if self.redis_url == "memory://" else "redis"

    @property
    def sqlite_path(self) -> Path:
        """The embedded store's file: `sqlite:///relative`, `sqlite:////absolute`."""
        return Path(unquote(self.database_url.removeprefix("sqlite:///"))).absolute()

    @property
    def store_location(self) -> str:
        """Where the store is, as a log may say it: without user, password and options."""
        if self.store == "sqlite":
            return str(self.sqlite_path)
        address, _, options = self.database_url.partition("://")[2].partition("?")
        if "@" in options:  # or a password with a raw `?`: nobody knows where it ends
            return self.store
        return address.rpartition("@")[2]

    @property
    def secret_key_file(self) -> Path | None:
        """Where the key to stored secrets is kept when none is set; None: one must be set."""
        return self.beside_the_store("key") if self.store == "sqlite" else None

    def beside_the_store(self, ending: str) -> Path:
        """A file of ours beside the store's, never the store's own, whatever that is called."""
        store = self.sqlite_path if self.store == "sqlite" else DATA_FOLDER.absolute() / "swiftcrm"
        return store.with_name(f"{store.name}.{ending}")


def load_settings() -> Settings:
    """
    The settings of this process.

    Raises:
        ConfigurationError: One is wrong; its value is never repeated.
    """
    try:
        return Settings()
    except ValidationError as error:
        problems = "; ".join(
            f"{PREFIX}{str(e['loc'][0]).upper()} {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors(include_url=False, include_input=False)
        )
        raise ConfigurationError(problems) from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{ENV_FILE} is not UTF-8") from None


def unknown_variables() -> list[str]:
    """Variables that look like ours and are not: mostly a typing error."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    given = {*os.environ, *dotenv_values(ENV_FILE)}
    return sorted(name for name in given if name.startswith(PREFIX) and name not in known)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
