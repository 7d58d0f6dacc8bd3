"""What is said of a test delivery: a name for each hop, and what to mend where it stopped."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from application.channels.diagnosis import HopAdvice, Ours
from application.channels.try_channel import Trial
from domain.passage import Hop

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
_CAUSE_IN_LOG = "An operator finds the cause in the log of this service, under the request_id."

HOPS: Mapping[HopAdvice, str] = MappingProxyType(
    {
        # The address, by its form alone
        HopAdvice.LOOPBACK: (
            "The webhook URL has a loopback address: nobody outside this machine can reach it."
            f" {_PUBLIC_URL}"
        ),
        HopAdvice.PRIVATE: (
            "The webhook URL has a private address: nobody outside its network can reach it."
            f" {_PUBLIC_URL}"
        ),
        HopAdvice.NOT_HTTPS: (
            "The webhook URL is not https: Meta and most other senders deliver to https alone, and"
            " want a certificate of a public authority. An operator sets SWIFTCRM_PUBLIC_URL to the"
            " https address of a proxy or a tunnel that has one."
        ),
        # On the way
        HopAdvice.NAME_UNKNOWN: (
            "No name server knows this name. An operator compares SWIFTCRM_PUBLIC_URL with the A or"
            " AAAA record of the domain. The name of a tunnel is gone when the tunnel is: it has to"
            " be started again, and the new name set."
        ),
        HopAdvice.NAME_SERVERS_SILENT: "The name servers do not answer. Try again in a minute.",
        HopAdvice.NAME_IS_PRIVATE: (
            "From here the name leads to a private address. A sender outside asks other name"
            " servers: make sure that those know a public one."
        ),
        HopAdvice.PORT_CLOSED: (
            "The machine is there, and nothing listens on this port. An operator starts the proxy"
            " or the tunnel, or mends the port in SWIFTCRM_PUBLIC_URL."
        ),
        HopAdvice.PORT_CLOSED_HERE: (
            "This service listens on another port than the webhook URL names: the address of this"
            " page has the right one. An operator mends the port in SWIFTCRM_PUBLIC_URL."
        ),
        HopAdvice.UNREACHABLE: (
            "An operator checks the address in the DNS record, and the network and the firewall on"
            " the way. If other machines can reach it, only this one cannot: some routers do not"
            " lead back to themselves."
        ),
        HopAdvice.SILENT: (
            "Either a firewall drops the packets, or the machine is off. An operator opens the port"
            " for everybody, since senders come from many addresses."
        ),
        HopAdvice.NO_TLS: (
            "What listens there does not speak TLS as it should: is it a port for plain http? An"
            " operator lets the proxy or the tunnel speak TLS, 1.2 or newer."
        ),
        HopAdvice.NOT_TRUSTED: (
            "Senders trust certificates of public authorities alone, made for this very name, not"
            " expired, and sent with their chain (fullchain.pem, not cert.pem). An operator"
            " replaces the certificate."
        ),
        HopAdvice.NO_HTTP: (
            "What listens there hung up, or does not speak HTTP. Is the port in"
            " SWIFTCRM_PUBLIC_URL right, and does the proxy send the calls to this service? The log"
            " of the proxy says more."
        ),
        HopAdvice.NO_ANSWER: (
            "The connection is made, and no answer comes. An operator looks into the log of the"
            " proxy, and asks for `/api/ready` where the proxy sends the calls."
        ),
        HopAdvice.SLOW: (
            "Senders want an answer within a second, and send again what took longer. An operator"
            " compares it with duration_ms in the log: the rest of the time was spent on the way."
        ),
        # An answer that is not this program's
        HopAdvice.REDIRECT: (
            "Senders do not follow redirects. An operator sets SWIFTCRM_PUBLIC_URL to the final"
            " address (https, with or without www.), or lets the proxy pass /api/ on as it is."
        ),
        HopAdvice.BAD_REQUEST: (
            "The proxy does not understand the call. Is it plain http on a port for https? Then an"
            " operator mends SWIFTCRM_PUBLIC_URL."
        ),
        HopAdvice.GUARDED: (
            "Something in front of this service asks for a login, or takes the call for an attack"
            " (a web application firewall, bot protection). An operator lets POST requests to this"
            " path pass as they are."
        ),
        HopAdvice.TOO_LARGE: (
            "The proxy refuses a body of this size, and the sample is a small one. An operator"
            " allows 4 MiB, since deliveries grow to 3 MB (nginx: client_max_body_size 4m)."
        ),
        HopAdvice.RATE_LIMITED: (
            "The proxy limits the rate of calls. An operator exempts this path from that."
        ),
        HopAdvice.PROGRAM_NOT_REACHED: (
            "A proxy or a tunnel answers, and does not reach this service. An operator lets the"
            " proxy send the calls to the host and port that the log has in the line"
            " server.listening."
        ),
        HopAdvice.ANOTHER_SERVICE: (
            "Another service answers at this address, or the proxy does not pass /api/ on to this"
            " one. What that service accepts is lost. An operator mends SWIFTCRM_PUBLIC_URL, or the"
            " proxy."
        ),
        # This program's own answer
        HopAdvice.CHANNEL_OFF: (
            "This channel is not switched on in the process that answers. An operator gives it the"
            " same SWIFTCRM_CHANNELS as the process that serves this page."
        ),
        HopAdvice.STORE_AWAY: (
            "This service answers, and cannot work. `/api/ready` says whether its store is away. If"
            " it is ready, it cannot read a stored secret: an operator gives it the"
            " SWIFTCRM_SECRET_KEY of the process that serves this page."
            f" {_CAUSE_IN_LOG} Meanwhile senders keep their deliveries, and bring them again."
        ),
        HopAdvice.BUSY: (
            "This service is busy, or about to end. Try again, as senders do with their deliveries."
        ),
        HopAdvice.ANOTHER_STORE: (
            "The process that answers does not know the key: it serves another store. An operator"
            " gives it the SWIFTCRM_DATABASE_URL of the process that serves this page, or mends"
            " SWIFTCRM_PUBLIC_URL."
        ),
        HopAdvice.NOT_PROVEN: (
            "If the secret was changed within the last two seconds, try again. Otherwise a proxy"
            " rewrites the body: an operator lets it pass on every byte as it is."
        ),
        HopAdvice.ALTERED: (
            "What arrived is not what was sent: a proxy rewrites the body or the query. An operator"
            " lets it pass on every byte as it is."
        ),
        HopAdvice.HELD: (
            "The sample arrived, and is held instead of being kept as a lead. `swiftcrm held list"
            " PROJECT` says why, and what to do."
        ),
        HopAdvice.REFUSED: f"This service refused the sample. {_CAUSE_IN_LOG}",
        HopAdvice.REFUSED_AND_REPLACED: (
            "This service refused the sample, and a proxy replaced the text of its answer."
            f" {_CAUSE_IN_LOG}"
        ),
    }
)
"""What to mend on the way of a test delivery, by what is wrong there."""


@dataclass(frozen=True, slots=True)
class HopRow:
    """One hop of a test delivery, for a person; *mark* is its look, and empty if it never came."""

    name: str
    mark: str
    state: str
    found: str = ""
    advice: str = ""


def rows_of(trial: Trial) -> Iterator[HopRow]:
    """Every hop, those included that the delivery did not come to."""
    passed = {step.hop: step for step in trial.steps}
    for hop, name in HOP_NAMES.items():
        step = passed.get(hop)
        if step is not None:
            advice = HOPS[step.advice] if step.advice else ""
            mark, state = _look(is_ok=step.ok, is_advised=bool(advice))
            yield HopRow(name, mark, state, step.found, advice)
        elif hop is not Hop.CERTIFICATE or trial.view.webhook_url.startswith("https:"):
            yield HopRow(name, "", "Not reached")


def _look(*, is_ok: bool, is_advised: bool) -> tuple[str, str]:
    if not is_ok:
        return "wrong", "Failed"
    return ("attention", "Good, but") if is_advised else ("good", "Good")
