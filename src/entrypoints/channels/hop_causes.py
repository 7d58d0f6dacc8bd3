"""Why a test delivery stops, or may stop later: a sentence to each code of the diagnosis."""

from collections.abc import Mapping
from types import MappingProxyType

from application.channels.diagnosis import HopAdvice

CAUSES: Mapping[HopAdvice, str] = MappingProxyType(
    {
        # The address, by its form alone
        HopAdvice.LOOPBACK: (
            "The webhook URL has a loopback address: nobody outside this machine can reach it."
        ),
        HopAdvice.PRIVATE: (
            "The webhook URL has a private address: nobody outside its network can reach it."
        ),
        HopAdvice.NOT_HTTPS: (
            "The webhook URL is not https: Meta and most other senders deliver to https alone, and"
            " want a certificate of a public authority."
        ),
        # On the way
        HopAdvice.NAME_UNKNOWN: (
            "No name server knows this name. That of a tunnel is gone when the tunnel is."
        ),
        HopAdvice.NAME_SERVERS_SILENT: "The name servers do not answer.",
        HopAdvice.NAME_IS_PRIVATE: (
            "From here the name leads to a private address. A sender outside asks other name"
            " servers: make sure that those know a public one."
        ),
        HopAdvice.PORT_CLOSED: "The machine is there, and nothing listens on this port.",
        HopAdvice.PORT_CLOSED_HERE: "Nothing listens on this port of this machine.",
        HopAdvice.UNREACHABLE: (
            "No way leads there. If other machines can reach it, only this one cannot: some routers"
            " do not lead back to themselves."
        ),
        HopAdvice.SILENT: "Either a firewall drops the packets, or the machine is off.",
        HopAdvice.NO_TLS: (
            "What listens there does not speak TLS as it should: is it a port for plain http?"
        ),
        HopAdvice.NOT_TRUSTED: (
            "Senders trust certificates of public authorities alone, made for this very name, not"
            " expired, and sent with their chain (fullchain.pem, not cert.pem)."
        ),
        HopAdvice.NO_HTTP: "What listens there hung up, or does not speak HTTP.",
        HopAdvice.NO_ANSWER: "The connection is made, and no answer comes.",
        HopAdvice.SLOW: "Senders want an answer within a second, and send again what took longer.",
        # An answer that is not this program's
        HopAdvice.REDIRECT: "Senders do not follow redirects.",
        HopAdvice.BAD_REQUEST: (
            "The proxy does not understand the call. Is it plain http on a port for https?"
        ),
        HopAdvice.GUARDED: (
            "Something in front of this service asks for a login, or takes the call for an attack"
            " (a web application firewall, bot protection)."
        ),
        HopAdvice.TOO_LARGE: (
            "The proxy refuses a body of this size. The sample is a small one: deliveries grow to 3"
            " MB."
        ),
        HopAdvice.RATE_LIMITED: "The proxy limits the rate of calls.",
        HopAdvice.PROGRAM_NOT_REACHED: (
            "A proxy or a tunnel answers, and does not reach this service."
        ),
        HopAdvice.ANOTHER_SERVICE: (
            "Another service answers at this address, or the proxy does not pass /api/ on to this"
            " one. What that service accepts is lost."
        ),
        # This program's own answer
        HopAdvice.CHANNEL_OFF: "This channel is not switched on in the process that answers.",
        HopAdvice.STORE_AWAY: (
            "This service answers, and cannot work: `/api/ready` says whether its store is away,"
            " and if it is ready, it cannot read a stored secret. Meanwhile senders keep their"
            " deliveries, and bring them again."
        ),
        HopAdvice.BUSY: (
            "This service is busy, or about to end. Try again, as senders do with their deliveries."
        ),
        HopAdvice.ANOTHER_STORE: (
            "The process that answers does not know the key: it serves another store."
        ),
        HopAdvice.NOT_PROVEN: (
            "If the secret was changed within the last two seconds, try again. Otherwise a proxy"
            " rewrites the body."
        ),
        HopAdvice.ALTERED: (
            "What arrived is not what was sent: a proxy rewrites the body or the query."
        ),
        HopAdvice.HELD: "The sample arrived, and is held instead of being kept as a lead.",
        HopAdvice.REFUSED: "This service refused the sample.",
        HopAdvice.REFUSED_AND_REPLACED: (
            "This service refused the sample, and a proxy replaced the text of its answer."
        ),
    }
)
"""What is wrong on the way of a test delivery, for whoever reads it."""


def with_remedies(remedies: Mapping[HopAdvice, str]) -> Mapping[HopAdvice, str]:
    """Each cause, and after it what the reader can do, where *remedies* says it."""
    return MappingProxyType(
        {code: f"{cause} {remedies.get(code, '')}".rstrip() for code, cause in CAUSES.items()}
    )
