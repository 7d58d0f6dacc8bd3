"""WhatsApp as a lead channel: what a project sets for it, and the channel itself."""

from collections.abc import Mapping

from adapters.channel_tools.sent_json import parse
from adapters.channel_tools.shared_secrets import is_one_of
from adapters.whatsapp import reading, signature
from adapters.whatsapp.attribution import BELONG_TOGETHER
from adapters.whatsapp.samples import sample_body
from application.ports.lead_channel import LeadChannel
from domain.channel import ChannelSetting, SettingValues
from domain.delivery import LARGEST_BODY_BYTES, Delivery, Reading
from domain.refusals import ChallengeIncomplete, ChallengeRefused, InvalidJson, SignatureMismatch

VERIFY_TOKEN = "verify_token"  # noqa: S105  the name of a setting
APP_SECRET = "app_secret"  # noqa: S105  the name of a setting
PHONE_NUMBER_IDS = "phone_number_ids"
SETTINGS = (
    ChannelSetting(
        name=VERIFY_TOKEN,
        help="what Meta's dashboard asks for as Verify token: letters, digits, - and _",
        pattern=r"[A-Za-z0-9_-]{1,200}",
        generated=True,
    ),
    ChannelSetting(
        name=APP_SECRET,
        help="the Meta app's secret, 8 to 200 characters",
        pattern=r"[!-+\--~]{8,200}",
        at_most=2,
        secret=True,
        warning_when_unset=(
            "No app_secret is set: whoever knows the webhook URL can forge messages."
            " Copy it from the Meta app's settings, under Basic."
        ),
    ),
    ChannelSetting(
        name=PHONE_NUMBER_IDS,
        help=(
            "Meta's ids of this project's numbers: only messages to these become its leads, and"
            " messages to a number that no project lists are held; without any, all messages"
            " become its leads"
        ),
        pattern=r"[0-9]{1,30}",
        at_most=100,
        recipients=True,
    ),
)
CHECKLIST = (
    (
        "The account is subscribed to the app, which the dashboard alone does not do:"
        " POST /<WhatsApp Business Account id>/subscribed_apps, with the app's token."
    ),
    "The field messages is ticked, in the app under WhatsApp, Configuration, Webhook fields.",
    (
        "The field standby is ticked as well where Meta's Business Agent answers on the number:"
        " while it holds a chat, what customers write comes there and nowhere else."
    ),
    "The app is Live: in development mode Meta leaves out some deliveries.",
    "No other callback URL is set on the account or on the number: it would win over the app's.",
    "No other tool uses the same app: an app has one callback URL, the one that was saved last.",
    "The number's id is among phone_number_ids, or none is set; else its messages are held.",
    (
        "The callback URL is this one to the letter, with no redirect, a certificate that is"
        " publicly trusted, and no login or firewall in front."
    ),
    "The proxy lets bodies of 4 MB pass; nginx stops at 1 MB, unless client_max_body_size is set.",
    "The app_secret is that of the app that sends: with another app's, every signature is wrong.",
)
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
        if query[MODE] != "subscribe" or not is_one_of(given, settings.get(VERIFY_TOKEN, ())):
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
