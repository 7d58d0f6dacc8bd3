"""What to mend on the way of a test delivery: for whoever has a terminal."""

from collections.abc import Mapping

from application.channels.diagnosis import HopAdvice
from entrypoints.channels.hop_causes import with_remedies

_PUBLIC_URL = "Set SWIFTCRM_PUBLIC_URL to the address that the sender can reach."
_LISTENING = "that its log has in the line server.listening"
_AS_IT_IS = "Let it pass on every byte as it is."
_CAUSE_IN_LOG = "The cause is in the log of `swiftcrm serve` under the request_id."

HOPS: Mapping[HopAdvice, str] = with_remedies(
    {
        # The address, by its form alone
        HopAdvice.LOOPBACK: _PUBLIC_URL,
        HopAdvice.PRIVATE: _PUBLIC_URL,
        HopAdvice.NOT_HTTPS: (
            "Set SWIFTCRM_PUBLIC_URL to the https address of a proxy or a tunnel that has one."
        ),
        # On the way
        HopAdvice.NAME_UNKNOWN: (
            "Compare the name in SWIFTCRM_PUBLIC_URL with the A or AAAA record of your domain, or"
            " start the tunnel again and set the new name."
        ),
        HopAdvice.NAME_SERVERS_SILENT: "Try again, or from another machine.",
        HopAdvice.PORT_CLOSED: (
            "Start the proxy or the tunnel, or mend the port in SWIFTCRM_PUBLIC_URL."
        ),
        HopAdvice.PORT_CLOSED_HERE: (
            "Start `swiftcrm serve`, or mend the port in SWIFTCRM_PUBLIC_URL: it is the one"
            f" {_LISTENING}."
        ),
        HopAdvice.UNREACHABLE: (
            "Otherwise check the address in the DNS record, and the network and the firewall on the"
            " way."
        ),
        HopAdvice.SILENT: "Open the port for everybody, since senders come from many addresses.",
        HopAdvice.NO_TLS: "Let the proxy or the tunnel speak TLS, 1.2 or newer.",
        HopAdvice.NOT_TRUSTED: "Replace the certificate.",
        HopAdvice.NO_HTTP: (
            "Is the port in SWIFTCRM_PUBLIC_URL right, and does `swiftcrm serve` run where the"
            " proxy sends the calls? The log of the proxy says more."
        ),
        HopAdvice.NO_ANSWER: (
            "Look into the log of the proxy, and see whether `swiftcrm serve` answers `GET"
            " /api/ready` where the proxy sends the calls."
        ),
        HopAdvice.SLOW: (
            "Compare it with duration_ms in the log: the rest of the time was spent on the way."
        ),
        # An answer that is not this program's
        HopAdvice.REDIRECT: (
            "Set SWIFTCRM_PUBLIC_URL to the final address (https, with or without www.), or let the"
            " proxy pass /api/ on as it is."
        ),
        HopAdvice.BAD_REQUEST: "Then mend SWIFTCRM_PUBLIC_URL.",
        HopAdvice.GUARDED: "Let POST requests to this path pass as they are.",
        HopAdvice.TOO_LARGE: "Allow 4 MiB (nginx: client_max_body_size 4m).",
        HopAdvice.RATE_LIMITED: "Exempt this path from that.",
        HopAdvice.PROGRAM_NOT_REACHED: (
            "Start `swiftcrm serve`, and let the proxy send the calls to the host and port"
            f" {_LISTENING}."
        ),
        HopAdvice.ANOTHER_SERVICE: "Mend SWIFTCRM_PUBLIC_URL, or the proxy.",
        # This program's own answer
        HopAdvice.CHANNEL_OFF: "Give it the same SWIFTCRM_CHANNELS as this command.",
        HopAdvice.STORE_AWAY: (
            "Bring the store back, or give it the SWIFTCRM_SECRET_KEY of this command."
            f" {_CAUSE_IN_LOG}"
        ),
        HopAdvice.ANOTHER_STORE: (
            "Give it the SWIFTCRM_DATABASE_URL of this command, or mend the address in"
            " SWIFTCRM_PUBLIC_URL."
        ),
        HopAdvice.NOT_PROVEN: _AS_IT_IS,
        HopAdvice.ALTERED: _AS_IT_IS,
        HopAdvice.HELD: "`swiftcrm held list PROJECT` says why, and what to do.",
        HopAdvice.REFUSED: _CAUSE_IN_LOG,
        HopAdvice.REFUSED_AND_REPLACED: _CAUSE_IN_LOG,
    }
)
"""What is wrong on the way of a test delivery, and what to mend."""
