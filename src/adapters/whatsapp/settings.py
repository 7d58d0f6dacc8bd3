"""What a project may tell this channel, and where to look when nothing arrives."""

from application.ports.lead_channel import ChannelSetting

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
        name=PHONE_NUMBER_IDS,
        help=(
            "Meta's ids of this project's numbers, comma-separated: only their messages are its"
            " leads, those for a number that no project lists are held; none set: all are"
        ),
        pattern=r"[0-9]{1,30}",
        at_most=100,
        addressees=True,
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
    "No other callback URL is set on the account or on the number: it wins over the app's.",
    "No other tool uses the same app: it has one callback URL, and the last one saved gets all.",
    "The number's id is among phone_number_ids, or none is set; its messages are held otherwise.",
    (
        "The callback URL is this one to the letter, with no redirect, a certificate that is"
        " publicly trusted, and no login or firewall before it."
    ),
    "The proxy lets bodies of 4 MB pass; nginx has 1 MB until client_max_body_size says more.",
    "The app_secret is that of the app that sends: another one's makes every signature wrong.",
)
