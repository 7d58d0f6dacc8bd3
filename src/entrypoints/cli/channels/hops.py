"""What to mend on the way of a test delivery: a sentence to each code of the diagnosis."""

from collections.abc import Mapping
from types import MappingProxyType

from application.channels.diagnosis import HopAdvice

_PUBLIC_URL = "Set SWIFTCRM_PUBLIC_URL to the address that the sender can reach."
_LISTENING = "that its log has in the line server.listening"
_CAUSE_IN_LOG = "The cause is in the log of `swiftcrm serve` under the request_id."

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
            " want a certificate of a public authority. Set SWIFTCRM_PUBLIC_URL to the https"
            " address of a proxy or a tunnel that has one."
        ),
        # On the way
        HopAdvice.NAME_UNKNOWN: (
            "Compare the name in SWIFTCRM_PUBLIC_URL with the A or AAAA record of your domain. The"
            " name of a tunnel is gone when the tunnel is: start it again, and set the new name."
        ),
        HopAdvice.NAME_SERVERS_SILENT: (
            "The name servers do not answer: try again, or from another machine."
        ),
        HopAdvice.NAME_IS_PRIVATE: (
            "From here the name leads to a private address. A sender outside asks other name"
            " servers: make sure that those know a public one."
        ),
        HopAdvice.PORT_CLOSED: (
            "The machine is there, and nothing listens on this port. Start the proxy or the"
            " tunnel, or mend the port in SWIFTCRM_PUBLIC_URL."
        ),
        HopAdvice.PORT_CLOSED_HERE: (
            "`swiftcrm serve` does not run here, or listens on another port, which its log names in"
            " the line server.listening. Start it, or mend the port in SWIFTCRM_PUBLIC_URL."
        ),
        HopAdvice.UNREACHABLE: (
            "Check the address in the DNS record, and the network and the firewall on the way. If"
            " other machines can reach it, only this one cannot: some routers do not lead back to"
            " themselves."
        ),
        HopAdvice.SILENT: (
            "Either a firewall drops the packets, or the machine is off. Open the port for"
            " everybody, since senders come from many addresses."
        ),
        HopAdvice.NO_TLS: (
            "What listens there does not speak TLS as it should: is it a port for plain http? Let"
            " the proxy or the tunnel speak TLS, 1.2 or newer."
        ),
        HopAdvice.NOT_TRUSTED: (
            "Senders trust certificates of public authorities alone, made for this very name, not"
            " expired, and sent with their chain (fullchain.pem, not cert.pem)."
        ),
        HopAdvice.NO_HTTP: (
            "What listens there hung up, or does not speak HTTP. Is the port in"
            " SWIFTCRM_PUBLIC_URL right, and does `swiftcrm serve` run where the proxy sends the"
            " calls? The log of the proxy says more."
        ),
        HopAdvice.NO_ANSWER: (
            "The connection is made, and no answer comes. Look into the log of the proxy, and see"
            " whether `swiftcrm serve` answers `GET /api/ready` where the proxy sends the calls."
        ),
        HopAdvice.SLOW: (
            "Senders want an answer within a second, and send again what took longer. Compare it"
            " with duration_ms in the log: the rest of the time was spent on the way."
        ),
        # An answer that is not this program's
        HopAdvice.REDIRECT: (
            "Senders do not follow redirects. Set SWIFTCRM_PUBLIC_URL to the final address (https,"
            " with or without www.), or let the proxy pass /api/ on as it is."
        ),
        HopAdvice.BAD_REQUEST: (
            "The proxy does not understand the call. Is it plain http on a port for https? Then"
            " mend SWIFTCRM_PUBLIC_URL."
        ),
        HopAdvice.GUARDED: (
            "Something in front of this program asks for a login, or takes the call for an attack"
            " (a web application firewall, bot protection). Let POST requests to this path pass as"
            " they are."
        ),
        HopAdvice.TOO_LARGE: (
            "The proxy refuses a body of this size, and the sample is a small one. Allow 4 MiB,"
            " since deliveries grow to 3 MB (nginx: client_max_body_size 4m)."
        ),
        HopAdvice.RATE_LIMITED: "The proxy limits the rate of calls. Exempt this path from that.",
        HopAdvice.PROGRAM_NOT_REACHED: (
            "A proxy or a tunnel answers, and does not reach this program. Start `swiftcrm serve`,"
            f" and let the proxy send the calls to the host and port {_LISTENING}."
        ),
        HopAdvice.ANOTHER_SERVICE: (
            "Another service answers at this address, or the proxy does not pass /api/ on to this"
            " program. What that service accepts is lost."
        ),
        # This program's own answer
        HopAdvice.CHANNEL_OFF: (
            "This channel is not switched on in the process that answers: give it the same"
            " SWIFTCRM_CHANNELS as this command."
        ),
        HopAdvice.STORE_AWAY: (
            "This program answers, and cannot work. `GET /api/ready` says whether its store is"
            " away. If it is ready, it cannot read a stored secret: give it the"
            f" SWIFTCRM_SECRET_KEY of this command. {_CAUSE_IN_LOG} Meanwhile senders keep their"
            " deliveries, and bring them again."
        ),
        HopAdvice.BUSY: (
            "This program is busy, or about to end: try again, as senders do with their deliveries."
        ),
        HopAdvice.ANOTHER_STORE: (
            "The process that answers does not know the key: it serves another store. Give it the"
            " SWIFTCRM_DATABASE_URL of this command, or mend the address in SWIFTCRM_PUBLIC_URL."
        ),
        HopAdvice.NOT_PROVEN: (
            "If the secret was changed within the last two seconds, try again. Otherwise a proxy"
            " rewrites the body: let it pass on every byte as it is."
        ),
        HopAdvice.ALTERED: (
            "What arrived is not what was sent: a proxy rewrites the body or the query. Let it pass"
            " on every byte as it is."
        ),
        HopAdvice.HELD: (
            "The sample arrived, and is held instead of being kept as a lead."
            " `swiftcrm held list PROJECT` says why, and what to do."
        ),
        HopAdvice.REFUSED: f"This program refused the sample. {_CAUSE_IN_LOG}",
        HopAdvice.REFUSED_AND_REPLACED: (
            "This program refused the sample, and a proxy replaced the text of its answer."
            f" {_CAUSE_IN_LOG}"
        ),
    }
)
"""What to mend on the way of a test delivery, by what is wrong there."""
