"""A delivery that was signed elsewhere: how a test makes one, and why a channel may refuse it."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from domain.delivery import Delivery

NOT_RECORDED = """Sender.recorded is missing: a delivery that was not signed by your own code.
Take one that the sender signed, or sign one with openssl and the first of Sender.secrets, e.g.
    printf %s '{"id":"1"}' | openssl dgst -sha256 -hmac SECRET
which prints hex; for base64 append: -binary | base64"""
NOT_AS_RECORDED = """\
Sender.recorded is refused: the channel does not sign as the sender does.
Look into the sender's documentation what it signs (the body alone, or something before it),
with which key (the secret as text, or the bytes that it is the base64 of), and how it writes
the signature (hex or base64, with what before it)."""
TOO_OLD = """\
Sender.recorded is refused, and it is from {moment}, as its header {header} says.
If the channel refuses what is old, sign it when the test runs, with openssl and not with your
own code: see "If the sender signs the time" in docs/adding-a-channel.md.
If not, the channel does not sign as the sender does."""
A_WHILE = timedelta(minutes=1)

_MOMENT = re.compile(
    r"""
    (?:^|[=,;\s])  # alone in its header, or as in t=1795341600,v1=…: a hash has digits, too
    (?:
        (?P<seconds>[0-9]{10}) (?:[0-9]{3})?  # three more: they are milliseconds
      | (?P<iso>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+ (?:Z|[+-][0-9:]+)?)
    )
    (?=$|[,;\s])
    """,
    re.VERBOSE,
)


def openssl_hmac(message: bytes, key: str | bytes, digest: str = "sha256") -> bytes:
    """
    The HMAC of *message*, as the command `openssl` makes it: nothing in it is your own code.

    Args:
        message: What the sender signs.
        key: The secret as text, or its bytes where the sender's secret is the base64 of them.
        digest: As openssl calls it, such as sha1, sha256 and sha512.

    Raises:
        AssertionError: There is no such command, or it fails.
    """
    openssl = shutil.which("openssl")
    assert openssl is not None, "there is no command openssl: install it, it signs for this test"
    hexkey = (key.encode() if isinstance(key, str) else key).hex()
    done = subprocess.run(
        [openssl, "dgst", f"-{digest}", "-mac", "HMAC", "-macopt", f"hexkey:{hexkey}", "-binary"],
        input=message,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, f"openssl: {done.stderr.decode(errors='replace')}"
    return done.stdout


def why_refused(recorded: Delivery) -> str:
    """What may be wrong with a channel that refuses *recorded*, or with *recorded* itself."""
    for header, moment in _moments_in(recorded):
        if datetime.now(UTC) - moment > A_WHILE:
            return TOO_OLD.format(moment=moment.isoformat(), header=header)
    return NOT_AS_RECORDED


def _moments_in(delivery: Delivery) -> Iterator[tuple[str, datetime]]:
    """When it was sent, as its headers say, each with the name of the header."""
    for header, values in delivery.headers.items():
        for found in (found for value in values for found in _MOMENT.finditer(value)):
            if (moment := _moment_of(found)) is not None:
                yield header, moment


def _moment_of(found: re.Match[str]) -> datetime | None:
    if found["seconds"]:
        return datetime.fromtimestamp(int(found["seconds"]), UTC)
    try:
        moment = datetime.fromisoformat(found["iso"])
    except ValueError:  # it only looks like one
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
