"""The URL of a webhook, and what anybody may see of it."""

import re

HIDDEN = "***"
_LOGIN = re.compile(r"^(\w+://)[^/]*@")
_PASSWORD = re.compile(r"^(\w+://(?:[^/@:]*:)?)[^/]*@")
"""Where no colon divides user and password, it is all that stands there: it may be a token."""


def webhook_url(public_url: str, channel: str, key: str) -> str:
    """The URL that the sender calls."""
    return f"{public_url.rstrip('/')}/api/{channel}/webhook?api_key={key}"


def without_password(url: str) -> str:
    """*url* with `HIDDEN` in place of the password that it has for a login in front."""
    return _PASSWORD.sub(rf"\1{HIDDEN}@", url)


def without_login(url: str) -> str:
    """*url* without the user and password of a login in front: they are nobody else's."""
    return _LOGIN.sub(r"\1", url)


def without_secrets(url: str) -> str:
    """*url* without its password and its query, which has the key in it."""
    return without_password(url.partition("?")[0])
