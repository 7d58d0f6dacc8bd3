"""WhatsApp as a lead channel."""

import hmac
from collections.abc import Mapping

from adapters.whatsapp import reading, signature
from adapters.whatsapp.attribution import BELONG_TOGETHER
from adapters.whatsapp.json_text import parse
from adapters.whatsapp.samples import sample_body
from adapters.whatsapp.settings import (
    APP_SECRET,
    CHECKLIST,
    PHONE_NUMBER_IDS,
    SETTINGS,
    VERIFY_TOKEN,
)
from application.ports.channel_register import SettingValues
from application.ports.lead_channel import LARGEST_BODY_BYTES, Delivery, LeadChannel, Reading
from domain.refusals import ChallengeIncomplete, ChallengeRefused, InvalidJson, SignatureMismatch

MODE, TOKEN, CHALLENGE = "hub.mode", "hub.verify_token", "hub.challenge"


class WhatsAppChannel(LeadChannel):
    """Meta's handshake, signature and deliveries."""

    name = "whatsapp"
    settings = SETTINGS
    checklist = CHECKLIST
    belong_together = BELONG_TOGETHER
    largest_body_bytes = LARGEST_BODY_BYTES  # Meta sends up to 3 MB

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

    def authenticate_head(self, head: Delivery, settings: SettingValues) -> None:
        """Where the project has an app secret, there must be a signature."""
        headers = head.headers.get(signature.HEADER, ())
        if settings.get(APP_SECRET) and not signature.may_be_one(headers):
            raise SignatureMismatch

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
        """Every message and every changed identity, in the order of the delivery."""
        try:
            payload = parse(delivery.body)
        except ValueError:
            raise InvalidJson from None
        if not isinstance(payload, dict):
            raise InvalidJson
        return reading.read(payload)

    def sample(self, settings: SettingValues) -> Delivery:
        """A text message of a test person to the project's first number, signed if it can be."""
        body = sample_body(next(iter(settings.get(PHONE_NUMBER_IDS, ())), None))
        secrets = settings.get(APP_SECRET, ())
        signed = {signature.HEADER: (signature.sign(body, secrets[0]),)} if secrets else {}
        return Delivery(body, {"content-type": ("application/json",), **signed})
