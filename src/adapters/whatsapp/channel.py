"""WhatsApp as a lead channel."""

import hmac
from collections.abc import Mapping

from adapters.whatsapp import reading, signature
from adapters.whatsapp.json_text import parse
from application.ports.channel_register import SettingValues
from application.ports.lead_channel import ChannelSetting, Delivery, LeadChannel, Reading
from domain.refusals import ChallengeIncomplete, ChallengeRefused, InvalidJson, SignatureMismatch

VERIFY_TOKEN = "verify_token"  # noqa: S105  the name of a setting
APP_SECRET = "app_secret"  # noqa: S105  the name of a setting

SETTINGS = (
    ChannelSetting(
        name=VERIFY_TOKEN,
        help="what Meta's dashboard asks for as Verify token: letters, digits, - and _",
        pattern=r"[A-Za-z0-9_-]{1,200}",
        generated=True,
    ),
    ChannelSetting(
        name=APP_SECRET,
        help="the Meta app's secret, 8 to 200 characters; two, comma-separated, in a rotation",
        pattern=r"[!-+\--~]{8,200}",
        at_most=2,
        secret=True,
        warning_when_unset=(
            "No app_secret is set: whoever knows the webhook URL can forge messages."
            " Copy it from the Meta app's settings, under Basic."
        ),
    ),
    ChannelSetting(
        name="phone_number_ids",
        help="Meta's ids of this project's numbers, comma-separated; not acted on yet",
        pattern=r"[0-9]{1,30}",
        at_most=100,
        addressees=True,
    ),
)

MODE, TOKEN, CHALLENGE = "hub.mode", "hub.verify_token", "hub.challenge"


class WhatsAppChannel(LeadChannel):
    """Meta's handshake, signature and deliveries."""

    name = "whatsapp"
    settings = SETTINGS

    def answer_challenge(self, query: Mapping[str, str], settings: SettingValues) -> str:
        """The challenge as it came, if the token is the project's."""
        if not all(name in query for name in (MODE, TOKEN, CHALLENGE)):
            raise ChallengeIncomplete
        given = query[TOKEN].encode("utf-8", "surrogatepass")
        known = any(
            hmac.compare_digest(given, token.encode()) for token in settings.get(VERIFY_TOKEN, ())
        )
        if query[MODE] != "subscribe" or not known:
            raise ChallengeRefused
        return query[CHALLENGE]

    def authenticate(self, delivery: Delivery, settings: SettingValues) -> None:
        """
        The signature must be by one of the project's app secrets.

        Without one the delivery is taken on the key in its URL alone, as the product's
        contract says: then whoever knows the URL can forge messages.
        """
        secrets = settings.get(APP_SECRET, ())
        headers = delivery.headers.get(signature.HEADER, ())
        if secrets and not signature.is_signed(delivery.body, headers, secrets):
            raise SignatureMismatch

    def read(self, delivery: Delivery) -> Reading:
        """Every message, in the order of the delivery."""
        try:
            payload = parse(delivery.body)
        except ValueError:
            raise InvalidJson from None
        if not isinstance(payload, dict):
            raise InvalidJson
        return reading.read(payload, delivery.body)
