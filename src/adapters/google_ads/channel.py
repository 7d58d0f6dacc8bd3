"""Google Ads lead forms as a lead channel."""

import json
from collections.abc import Mapping
from typing import Final, cast
from uuid import uuid4

from adapters.channel_tools.sent_json import parse_object
from adapters.channel_tools.shared_secrets import is_one_of
from adapters.google_ads import lead_form
from adapters.google_ads.lead_form import SentForm
from application.ports.lead_channel import LeadChannel
from domain.channel import ChannelSetting, SettingValues
from domain.delivery import Delivery, Reading
from domain.refusals import ChallengeNotOffered, InvalidJson, SignatureMismatch

GOOGLE_KEY: Final = "google_key"

SETTINGS = (
    # Shown like the key in the webhook's URL, which opens as much: both are pasted into one form.
    ChannelSetting(
        name=GOOGLE_KEY,
        help="what the lead form in Google Ads asks for as Key, 8 to 100 characters",
        pattern=r"[!-+\--~]{8,100}",
        at_most=2,
        generated=True,
        warning_when_unset="No google_key is set: every delivery is refused.",
    ),
)

CHECKLIST = (
    "The form in Google Ads has the webhook URL and the key that are shown here: Send test data.",
    "Test data is always the same lead, marked as a test: sent again, it changes nothing.",
    "The form is attached to a campaign that runs, and has its own webhook set, as each form must.",
    "Leads from before the webhook was set do not come: download them in Google Ads.",
)


class GoogleAdsChannel(LeadChannel):
    """One submitted form a delivery, proven by a key inside it."""

    name = "google_ads"
    settings = SETTINGS
    checklist = CHECKLIST

    def answer_challenge(self, query: Mapping[str, str], settings: SettingValues) -> str:
        """Google asks nothing beforehand."""
        raise ChallengeNotOffered

    def authenticate_head(self, head: Delivery, settings: SettingValues) -> None:
        """The key stands in the body, which nobody reads for a project that has none."""
        if not settings.get(GOOGLE_KEY):
            raise SignatureMismatch

    def authenticate(self, delivery: Delivery, settings: SettingValues) -> None:
        """
        The key in the body must be one of the project's.

        Without one in the settings nothing is taken: Google Ads demands a key of every form.
        """
        try:
            given = lead_form.keys_in(parse_object(delivery.body))
        except InvalidJson:
            raise SignatureMismatch from None
        if len(given) != 1 or not is_one_of(given[0], settings.get(GOOGLE_KEY, ())):
            raise SignatureMismatch

    def read(self, delivery: Delivery) -> Reading:
        """The one submission."""
        return Reading([lead_form.read(cast("SentForm", parse_object(delivery.body)))])

    def sample(self, settings: SettingValues) -> Delivery:
        """What Google's "Send test data" sends, of a lead of ours."""
        payload: SentForm = {
            "lead_id": "swiftcrm-sample",
            "user_column_data": [
                {"column_name": "Full Name", "string_value": "Sample", "column_id": "FULL_NAME"},
                {"string_value": "sample@example.com", "column_id": "EMAIL"},
            ],
            "api_version": "1.0",
            "is_test": True,
            "gcl_id": f"swiftcrm-sample-{uuid4()}",
        }
        if keys := settings.get(GOOGLE_KEY):
            payload[GOOGLE_KEY] = keys[0]
        return Delivery(json.dumps(payload).encode(), {})
