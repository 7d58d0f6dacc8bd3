"""
What Meta sends, as far as it is read here.

https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components

A delivery has any number of entries, an entry any number of changes, and a change is about the
messages of any number of people. Meta adds members without notice and leaves out any of them, so
none is required here, and none of these types is a promise: whoever reads a member takes it only
if it is of the kind expected (`channel_tools.sent_json`). A comment says where real deliveries
differ from the documentation. Members that are not read are left out.
"""

from typing import Any, TypedDict


class SentText(TypedDict, total=False):
    """A message of type `text`."""

    body: str  # may end with half a surrogate pair, where somebody has cut it


class SentMedia(TypedDict, total=False):
    """An `image`, a `video` or a `document`; what it shows is fetched with another call."""

    caption: str
    filename: str  # of a document; the sender chooses it


class SentLocation(TypedDict, total=False):
    """A place; its coordinates are not read."""

    name: str
    address: str


class SentCardName(TypedDict, total=False):
    """The name on a card."""

    formatted_name: str
    first_name: str
    last_name: str


class SentCardPhone(TypedDict, total=False):
    """One phone on a card."""

    phone: str  # as it was typed, with blanks and brackets
    wa_id: str


class SentCard(TypedDict, total=False):
    """A contact that was shared: somebody else's, or the sender's own on our request."""

    name: SentCardName  # missing on some cards that were sent on request
    phones: list[SentCardPhone]
    origin: str  # `contact_request`: the sender's own


class SentChoice(TypedDict, total=False):
    """The button, the line of a list, or the product that was chosen."""

    title: str
    name: str
    catalog_id: str
    product_retailer_id: str


class SentFlowReply(TypedDict, total=False):
    """What was entered in a flow."""

    response_json: str  # JSON as text; from some forwarders the parsed object
    body: str  # "Sent"


class SentCallPermission(TypedDict, total=False):
    """Whether we may call: `accept` or `reject`."""

    response: str


class SentInteractive(TypedDict, total=False):
    """An answer to something with buttons; it has the member that its type names."""

    button_reply: SentChoice
    list_reply: SentChoice
    nfm_reply: SentFlowReply
    call_permission_reply: SentCallPermission
    product: SentChoice


class SentButton(TypedDict, total=False):
    """A quick reply of a template."""

    text: str
    payload: str


class SentOrder(TypedDict, total=False):
    """An order from a catalogue."""

    text: str


class SentSystem(TypedDict, total=False):
    """
    A system message: a person has another phone or another user id.

    Which members hold the old names and which the new has changed over the years. The old user id
    stood in the sentence alone until August 2026.
    """

    type: str  # user_changed_number, customer_changed_number (older), user_changed_user_id, …
    body: str  # "User NAME changed from OLD to NEW"
    customer: str
    wa_id: str
    new_wa_id: str
    user_id: str
    parent_user_id: str
    previous_user_id: str
    previous_parent_user_id: str


class SentEdit(TypedDict, total=False):
    """What became of an earlier message."""

    message: "SentMessage"


class SentUnsupported(TypedDict, total=False):
    """
    A message that Meta does not deliver.

    Often the first one of a person who clicked an ad, with error 131060; its content may come
    later under the same id.
    """

    type: str  # of the message behind it: edit, revoke, poll_creation, …


class SentWelcome(TypedDict, total=False):
    """The greeting of an ad."""

    text: str


class SentReferral(TypedDict, total=False):
    """The ad or the post that was clicked; with the first message after the click alone."""

    source_url: str
    source_id: str
    source_type: str  # ad or post; from some providers organic
    headline: str
    body: str
    media_type: str
    ctwa_clid: str  # left out for an ad in WhatsApp Status
    welcome_message: SentWelcome


class SentContext(TypedDict, total=False):
    """What a message answers."""

    referred_product: SentChoice


_SentFrom = TypedDict("_SentFrom", {"from": str}, total=False)
"""`from` is a word of Python's."""


class SentMessage(_SentFrom, total=False):
    """
    One message of one person, or what happened to one.

    `from` has the digits of the phone. It is left out where Meta does not show the phone, as for
    most people with a user name; until February 2026 it was empty then. Some deliveries have the
    user id in it, some a plus before the digits.
    """

    from_user_id: str  # two letters of a country, a dot and an id: `US.1349120865530…`
    from_parent_user_id: str
    id: str  # a message without one is held
    timestamp: str  # seconds; milliseconds, or a number, from some providers
    type: str  # new ones come without notice; the content is in the member of this name
    context: SentContext
    referral: SentReferral  # with a message of any type
    text: SentText
    image: SentMedia
    video: SentMedia
    document: SentMedia
    location: SentLocation
    contacts: list[SentCard]
    interactive: SentInteractive  # missing where the change has errors
    button: SentButton
    order: SentOrder
    system: SentSystem
    edit: SentEdit
    unsupported: SentUnsupported


class SentProfile(TypedDict, total=False):
    """What a person shows of herself."""

    name: str  # any text, emoji alone too
    username: str  # with an @ before it


class SentContact(TypedDict, total=False):
    """One of the people whose messages are beside it."""

    profile: SentProfile
    wa_id: str  # left out like `from`; for some numbers of Brazil not the same as that
    user_id: str
    parent_user_id: str  # for a few managed businesses alone


class SentIdChange(TypedDict, total=False):
    """A user id of a person, and what it was before."""

    previous: str
    current: str


class SentIdUpdate(TypedDict, total=False):
    """One element of the field `user_id_update`, which Meta documented until August 2026."""

    wa_id: str
    user_id: SentIdChange
    parent_user_id: SentIdChange


class SentMetadata(TypedDict, total=False):
    """Which of our numbers it is about."""

    display_phone_number: str
    phone_number_id: str  # a number, from some providers


class SentMessages(TypedDict, total=False):
    """
    Messages and the people who wrote them.

    Their order says nothing of who wrote what. The contacts may be of one person alone, may be
    missing, and also come beside statuses, where nobody wrote.
    """

    contacts: list[SentContact]
    messages: list[SentMessage]
    statuses: list[Any]
    errors: list[Any]
    user_actions: list[Any]
    message_echoes: list[Any]  # what we or Meta's agent wrote


class SentValue(SentMessages, total=False):
    """What has happened to one of our numbers."""

    messaging_product: str
    metadata: SentMetadata  # missing in most fields of the account and its templates
    standby: SentMessages  # what people write while Meta's Business Agent holds the chat
    user_id_update: list[SentIdUpdate]


class SentChange(TypedDict, total=False):
    """One event in a field of the account's."""

    field: str  # `messages` and `standby` have messages that are new
    value: SentValue


class SentEntry(TypedDict, total=False):
    """What has happened in one account."""

    id: str
    changes: list[SentChange]


class SentDelivery(TypedDict, total=False):
    """The body of one call; its members may come in any order."""

    object: str
    entry: list[SentEntry]  # forwarders and older providers leave this and the next levels out
