"""Links made of what a sender wrote: each leads to what it says, or there is none."""

import re
from urllib.parse import SplitResult, quote, urlsplit

_FEWEST_DIGITS = 3
_WEB = ("http", "https")


def tel(phone: str) -> str | None:
    """
    A link that calls *phone*, of its digits alone: what else a sender wrote is none of its parts.

    None where there are too few, or a letter among them: that is a remark and no number.
    """
    is_international = phone.lstrip().startswith("+")
    dialled = phone.replace("(0)", "") if is_international else phone
    digits = re.sub(r"[^0-9]", "", dialled)
    if len(digits) < _FEWEST_DIGITS or re.search(r"[^\W\d_]", phone):
        return None
    return f"tel:{'+' if is_international else ''}{digits}"


def whatsapp(phone: str) -> str | None:
    """A link that opens a chat with *phone*; WhatsApp takes an international number alone."""
    called = tel(phone)
    if called is None or not called.startswith("tel:+"):
        return None
    return f"https://wa.me/{called.removeprefix('tel:+')}"


def mailto(email: str) -> str | None:
    """A link that writes to *email* and says nothing more: no other recipient, no subject."""
    name, at, domain = email.rpartition("@")
    if not (name and at and domain):
        return None
    return f"mailto:{quote(name, safe='')}@{quote(domain, safe='')}"


def web(url: str) -> str | None:
    """*url* if it is the address of a page; with any other scheme a link would do something."""
    return url if _split(url) else None


def page_name(url: str) -> str:
    """A page as people name it: without scheme, query and a last slash."""
    if (parts := _split(url)) is None:
        return url
    return f"{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}"


def page_path(url: str) -> str | None:
    """Where a page is on its site; None for what is no address of a page."""
    parts = _split(url)
    return (parts.path or "/") if parts is not None else None


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in _WEB and bool(parts.hostname)
    except ValueError:
        return None
    return parts if is_web else None
