"""What is said of a test delivery: a name for each hop, and what to mend where it stopped."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from application.channels.diagnosis import HopAdvice, Ours
from application.channels.try_channel import Trial
from domain.passage import Hop
from entrypoints.channels.hop_causes import with_remedies

HOP_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "address": "Address",
        Hop.NAME: "Name",
        Hop.CONNECTION: "Connection",
        Hop.CERTIFICATE: "Certificate",
        Hop.ANSWER: "Answer",
        Ours.SERVICE: "This service",
        Ours.KEY: "Key",
        Ours.SIGNATURE: "Signature",
        Ours.KEPT: "Lead",
    }
)
"""What a delivery passes, in this order; over plain http there is no certificate."""

_PUBLIC_URL = "An operator sets SWIFTCRM_PUBLIC_URL to the address that the sender can reach."
_AS_IT_IS = "An operator lets it pass on every byte as it is."
_CAUSE_IN_LOG = "An operator finds the cause in the log of this service, under the request_id."

HOPS: Mapping[HopAdvice, str] = with_remedies(
    {
        # The address, by its form alone
        HopAdvice.LOOPBACK: _PUBLIC_URL,
        HopAdvice.PRIVATE: _PUBLIC_URL,
        HopAdvice.NOT_HTTPS: (
            "An operator sets SWIFTCRM_PUBLIC_URL to the https address of a proxy or a tunnel that"
            " has one."
        ),
        # On the way
        HopAdvice.NAME_UNKNOWN: (
            "An operator compares the name in SWIFTCRM_PUBLIC_URL with the A or AAAA record of the"
            " domain, or starts the tunnel again and sets the new name."
        ),
        HopAdvice.NAME_SERVERS_SILENT: "Try again in a minute.",
        HopAdvice.PORT_CLOSED: (
            "An operator starts the proxy or the tunnel, or mends the port in SWIFTCRM_PUBLIC_URL."
        ),
        HopAdvice.PORT_CLOSED_HERE: (
            "The address of this page has the port on which this service listens: an operator sets"
            " it in SWIFTCRM_PUBLIC_URL."
        ),
        HopAdvice.UNREACHABLE: (
            "Otherwise an operator checks the address in the DNS record, and the network and the"
            " firewall on the way."
        ),
        HopAdvice.SILENT: (
            "An operator opens the port for everybody, since senders come from many addresses."
        ),
        HopAdvice.NO_TLS: "An operator lets the proxy or the tunnel speak TLS, 1.2 or newer.",
        HopAdvice.NOT_TRUSTED: "An operator replaces the certificate.",
        HopAdvice.NO_HTTP: (
            "Is the port in SWIFTCRM_PUBLIC_URL right, and does the proxy send the calls to this"
            " service? The log of the proxy says more."
        ),
        HopAdvice.NO_ANSWER: (
            "An operator looks into the log of the proxy, and asks for `/api/ready` where the proxy"
            " sends the calls."
        ),
        HopAdvice.SLOW: (
            "An operator compares it with duration_ms in the log: the rest of the time was spent on"
            " the way."
        ),
        # An answer that is not this program's
        HopAdvice.REDIRECT: (
            "An operator sets SWIFTCRM_PUBLIC_URL to the final address (https, with or without"
            " www.), or lets the proxy pass /api/ on as it is."
        ),
        HopAdvice.BAD_REQUEST: "Then an operator mends SWIFTCRM_PUBLIC_URL.",
        HopAdvice.GUARDED: "An operator lets POST requests to this path pass as they are.",
        HopAdvice.TOO_LARGE: "An operator allows 4 MiB (nginx: client_max_body_size 4m).",
        HopAdvice.RATE_LIMITED: "An operator exempts this path from that.",
        HopAdvice.PROGRAM_NOT_REACHED: (
            "An operator lets the proxy send the calls to the host and port that the log has in the"
            " line server.listening."
        ),
        HopAdvice.ANOTHER_SERVICE: "An operator mends SWIFTCRM_PUBLIC_URL, or the proxy.",
        # This program's own answer
        HopAdvice.CHANNEL_OFF: (
            "An operator gives it the same SWIFTCRM_CHANNELS as the process that serves this page."
        ),
        HopAdvice.STORE_AWAY: (
            "An operator brings the store back, or gives it the SWIFTCRM_SECRET_KEY of the process"
            f" that serves this page. {_CAUSE_IN_LOG}"
        ),
        HopAdvice.ANOTHER_STORE: (
            "An operator gives it the SWIFTCRM_DATABASE_URL of the process that serves this page,"
            " or mends SWIFTCRM_PUBLIC_URL."
        ),
        HopAdvice.NOT_PROVEN: _AS_IT_IS,
        HopAdvice.ALTERED: _AS_IT_IS,
        HopAdvice.HELD: "The page Held says why, and what to do.",
        HopAdvice.REFUSED: _CAUSE_IN_LOG,
        HopAdvice.REFUSED_AND_REPLACED: _CAUSE_IN_LOG,
    }
)
"""What is wrong on the way of a test delivery, and who mends it."""


@dataclass(frozen=True, slots=True)
class HopRow:
    """
    One hop of a test delivery, for a person.

    Attributes:
        mark: Its look; empty if the delivery never came there.
        below: The path of the page that says more, below the project's; empty if none does.
    """

    name: str
    mark: str
    state: str
    found: str = ""
    advice: str = ""
    below: str = ""


def rows_of(trial: Trial) -> Iterator[HopRow]:
    """Every hop, those included that the delivery did not come to."""
    passed = {step.hop: step for step in trial.steps}
    for hop, name in HOP_NAMES.items():
        step = passed.get(hop)
        if step is not None:
            advice = HOPS[step.advice] if step.advice else ""
            mark, state = _look(is_ok=step.ok, is_advised=bool(advice))
            below = "/held" if step.advice is HopAdvice.HELD else ""
            yield HopRow(name, mark, state, step.found, advice, below)
        elif hop is not Hop.CERTIFICATE or trial.view.webhook_url.startswith("https:"):
            yield HopRow(name, "", "Not reached")


def _look(*, is_ok: bool, is_advised: bool) -> tuple[str, str]:
    if not is_ok:
        return "wrong", "Failed"
    return ("attention", "Good, but") if is_advised else ("good", "Good")
