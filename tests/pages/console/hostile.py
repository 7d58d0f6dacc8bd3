"""
A store in which all that somebody else may write would be live if a page took it for its own.

It has one of everything that the console shows, and the smallest of the same: a project in which
nothing is, and a user with nothing to see.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import cycle, product
from typing import Any, NamedTuple
from urllib.parse import quote

from domain.held import CODES, DOMAIN_NOT_ALLOWED, LINES, PLAN_LIMIT_REACHED, WEBHOOK_CODES
from domain.lead import REST
from domain.users.user import LOCAL_ADMIN
from entrypoints.console.programs import PROGRAMS
from tests.entrypoints.console.browser import Browser, a_user, signed_in
from tests.entrypoints.http.webhooks.deliveries import SECRET, a_delivery, a_message, deliver
from tests.support.builders import a_held_call
from tests.support.program import Server
from tests.support.stores import Account, Store
from tests.support.wire import request

MARKUP = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}"
TURNED = f"\u202e\u2067{MARKUP}"
"""From here on, text runs from right to left, for as long as a page lets it."""
ADDRESSES = ("javascript:alert(1)", "data:text/html,<script>alert(1)</script>")
LONG = "W" * 255
E_MAIL = f"'{{{{7*7}}}}&lt{'w' * 50}@{'.'.join(['w' * 50] * 3)}.example.com"
"""As odd and as long as one may be."""
PROJECT = f"{MARKUP} {'W' * 35}"
ADMIN = "admin@example.com"

SECRET_OF = {"whatsapp": "app_secret", "google_ads": "google_key"}
"""The setting of each channel that no page shows."""
LEADS: Sequence[Mapping[str, Any]] = (
    {"name": TURNED, "email": E_MAIL, "phone": ADDRESSES[0], "source_url": ADDRESSES[0]},
    {
        "name": LONG,
        "phone": LONG,
        "source_url": ADDRESSES[1],
        "page_trail": [MARKUP, *ADDRESSES],
        "utm": {"utm_source": LONG},
    },
    {"name": ADDRESSES[0], "utm": {"utm_source": TURNED, "utm_campaign": MARKUP, MARKUP: LONG}},
    {
        "referrer": f"https://example.com/{MARKUP}",
        "attributes": {TURNED: MARKUP, LONG: LONG, "message": TURNED, "deep": [{MARKUP: TURNED}]},
    },
    {"name": "Zoë Müller", "email": "zoe@example.com", "phone": "+49 89 1234", "message": TURNED},
    {"email": "ZOE@example.com", "gclid": TURNED, "first_touch": {"utm_source": MARKUP}},
)


class House(NamedTuple):
    """
    What is in it.

    Attributes:
        worlds: What the names in a path of the console may stand for together; the first two are of
            the project in which everything is, one for each channel.
        links: Of sign-in links that work, one for each kind, path and query.
    """

    admin: Browser
    member: Browser
    worlds: Sequence[Mapping[str, str]]
    links: Sequence[str]


def furnish(store: Store, server: Server) -> House:
    """Fill *store*, which *server* serves."""
    full = store.account(PROJECT, domains=["example.com"], monthly_limit=1000)
    empty = store.account("Empty")
    key = store.use(lambda c: c.create_key()(full.project_id, label=MARKUP, for_page=True))
    store.connect(full, app_secret=[SECRET], phone_number_ids=["10654"])
    for lead in LEADS:
        assert _send(server, full, lead) == 201
    _refused(server, full)
    _delivered(server, full)
    _held(store, full)
    shown = a_user(store, E_MAIL, projects=(full.project_id, empty.project_id))
    [user] = store.use(lambda c: c.users().all())
    links = (f"/link?token={shown}", _quick_link(store))
    return House(
        admin=signed_in(server, store, ADMIN, admin=True),
        member=signed_in(server, store, "nothing.to.see@example.com"),
        worlds=_worlds(
            full,
            empty,
            key_id=key.kept.key_id,
            user_id=user.user_id,
            code=DOMAIN_NOT_ALLOWED,
            held_id=store.held(full)[0].held_id,
        ),
        links=links,
    )


def _worlds(*accounts: Account, **same: str) -> Sequence[Mapping[str, str]]:
    """
    As many as there are languages of examples, and one more for each lead.

    Each channel in each project is among them. The project without leads has none of that number.
    """
    places = product((account.project_id for account in accounts), SECRET_OF.items())
    worlds = [
        {"project_id": project, "channel": channel, "setting": secret, "language": language, **same}
        for (project, (channel, secret)), language in zip(cycle(places), PROGRAMS, strict=False)
    ]
    numbers = range(1, len(LEADS) + 2)  # and whoever wrote a message
    return [
        *({**world, "lead_id": "1"} for world in worlds),
        *({**worlds[0], "lead_id": str(number)} for number in numbers),
    ]


def _send(server: Server, account: Account, lead: Any, **headers: str) -> int:
    return _post(server, account, json.dumps(lead).encode(), **headers)


def _post(server: Server, account: Account, body: bytes, **headers: str) -> int:
    said = {"X-Api-Key": account.key, "Prefer": "handling=lenient", **headers}
    return request(server.port, "POST", "/api/public/lead", said, body).status


def _refused(server: Server, account: Account) -> None:
    """Held: a page that is not the project's, and what nobody can parse."""
    odd = {"Origin": f"https://{'w' * 60}.example.net"}
    assert _send(server, account, LEADS[0], **odd) == 403
    assert _send(server, account, LEADS[0]) == 201  # and got through from another page
    assert _post(server, account, MARKUP.encode()) == 400


def _held(store: Store, account: Account) -> None:
    """One of each reason and of each line, from a hostile origin."""
    project = store.use(lambda c: c.projects().find(account.project_id))
    now = datetime.now(UTC)
    calls = [
        a_held_call(project, code=code, at=now, origin=TURNED, channel=channel, body=MARKUP)
        for code in (*CODES, *LINES)
        for channel in ("whatsapp" if code in WEBHOOK_CODES else REST,)
        if code != PLAN_LIMIT_REACHED  # of which a message would become a lead at once
    ]
    store.use(lambda c: c.held_ledger().hold(calls))


def _delivered(server: Server, account: Account) -> None:
    """A message of somebody with a hostile name, and one to a number with a hostile id."""
    contacts = [{"profile": {"name": TURNED}, "wa_id": "919812345678"}]
    number = {"display_phone_number": MARKUP, "phone_number_id": MARKUP}
    ours = a_delivery(a_message("wamid.1", TURNED), contacts=contacts)
    unlisted = a_delivery(a_message("wamid.2", MARKUP), contacts=contacts, metadata=number)
    for body in (ours, unlisted):
        assert deliver(server, account, body).status == 200


def _quick_link(store: Store) -> str:
    """The link of `make run`; the user of it is the only admin yet."""
    path = store.use(lambda c: c.quick_sign_in()("127.0.0.1"))
    assert path is not None, f"somebody else than {LOCAL_ADMIN} is an admin"
    return path.removeprefix("/console")


def beyond(house: House) -> Sequence[str]:
    """Pages for who is not signed in, whatever their address says, and those of nothing."""
    return (
        *("/sign-in", f"/sign-in?next={quote(MARKUP)}"),
        *house.links,
        *("/link?token=none", f"/{quote(MARKUP)}"),
    )
