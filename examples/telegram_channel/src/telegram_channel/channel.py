"""What a project sets for the channel, and how a delivery proves that Telegram sent it."""

import hmac
import json
import secrets
from collections.abc import Mapping

from adapters.channel_tools.sent_json import parse_object
from application.ports.lead_channel import LeadChannel
from domain.channel import ChannelSetting, SettingValues
from domain.delivery import Delivery, Reading
from domain.refusals import ChallengeNotOffered, SignatureMismatch
from telegram_channel import update

HEADER = "x-telegram-bot-api-secret-token"
SECRET_TOKEN = "secret_token"  # noqa: S105  the name of a setting

SETTINGS = (
    ChannelSetting(
        name=SECRET_TOKEN,
        help="what setWebhook was given as secret_token: letters, digits, - and _",
        pattern=r"[A-Za-z0-9_-]{8,256}",
        at_most=2,
        generated=True,
        warning_when_unset="No secret_token is set: every delivery is refused.",
    ),
)

CHECKLIST = (
    "getWebhookInfo of your bot must show this URL, and no last_error_message.",
    "setWebhook must have been given the secret_token that is shown here.",
    "A bot that runs elsewhere with getUpdates has taken the webhook away.",
)


class TelegramChannel(LeadChannel):
    """One update a delivery, proven by a token in a header."""

    name = "telegram"
    settings = SETTINGS
    checklist = CHECKLIST

    def answer_challenge(self, query: Mapping[str, str], settings: SettingValues) -> str:
        """Telegram asks nothing beforehand."""
        raise ChallengeNotOffered

    def authenticate_head(self, head: Delivery, settings: SettingValues) -> None:
        """The one header must be one of the project's tokens; without one nothing is taken."""
        given = head.headers.get(HEADER, ())
        if len(given) != 1:
            raise SignatureMismatch
        # Header values may hold lone surrogates: compare bytes, never text.
        token = given[0].encode("utf-8", "surrogatepass")
        known = settings.get(SECRET_TOKEN, ())
        if not any(hmac.compare_digest(token, one.encode()) for one in known):
            raise SignatureMismatch

    def authenticate(self, delivery: Delivery, settings: SettingValues) -> None:
        """The header alone proves it."""
        self.authenticate_head(delivery, settings)

    def read(self, delivery: Delivery) -> Reading:
        """The one update."""
        return update.read(parse_object(delivery.body))

    def sample(self, settings: SettingValues) -> Delivery:
        """A message of nobody."""
        number = secrets.randbelow(2**31)
        message: update.SentMessage = {
            "message_id": number,
            "from": {"id": update.NOBODY, "is_bot": False, "first_name": "Sample"},
            "chat": {"id": update.NOBODY, "type": "private"},
            "date": 1795341600,
            "text": "A sample",
        }
        sent: update.SentUpdate = {"update_id": number, "message": message}
        body = json.dumps(sent).encode()
        return Delivery(body, {HEADER: tuple(settings.get(SECRET_TOKEN, ()))[:1]})
