"""Where people open the console."""

from urllib.parse import urlsplit

from application.channels.diagnosis import is_loopback
from application.channels.webhook_address import without_login

_EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104  compared with, not listened on
_THIS_MACHINE = "127.0.0.1"


def console_address(public_url: str, listening_url: str) -> str:
    """
    The public address, without a login in it, and the path.

    Where that is a loopback one, it is the address that is listened on, with the port that somebody
    chose; of a process that listens on every address, the one of this machine.
    """
    if not is_loopback(urlsplit(public_url).hostname or ""):
        return f"{without_login(public_url.rstrip('/'))}/console"
    here = urlsplit(listening_url)
    if here.hostname in _EVERY_ADDRESS:
        return f"http://{_THIS_MACHINE}:{here.port}/console"
    return f"{listening_url}/console"
