"""What a form brings: read, bounded, and proven to be a form of ours."""

import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs
from uuid import uuid4

from sanic.exceptions import BadRequest, SanicException

from domain.users.refusals import NotOurForm
from domain.users.tokens import form_token
from entrypoints.http.request import Request

MOST_BYTES = 64 * 1024
MOST_FIELDS = 1000
TOKEN = "form_token"  # noqa: S105  the name of a field
ONCE = "once"
"""A field that names what the form makes: sent twice, as by a double click, it makes it once."""
SHOWN = "shown."
"""Before the name of a field: what it had when the page was opened."""
_URLENCODED = "application/x-www-form-urlencoded"
_UNSUPPORTED_MEDIA_TYPE = 415


@dataclass(frozen=True, slots=True)
class Form:
    """
    What was typed, and what is wrong with it.

    Attributes:
        values: By the name of the field; None for a page that was only opened.
        errors: What to do about a field, in a sentence, by its name.
    """

    values: Mapping[str, Sequence[str]] | None = None
    errors: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str, otherwise: str = "") -> str:
        """What was typed into a field; *otherwise* if the page was only opened."""
        return otherwise if self.values is None else self.values.get(name, ("",))[0]

    def texts(self, name: str) -> Sequence[str]:
        """All that was chosen under one name."""
        return () if self.values is None else self.values.get(name, ())

    def has(self, name: str, value: str = "on", otherwise: bool = False) -> bool:  # noqa: FBT001, FBT002  templates say it in a row
        """Whether a box was ticked; *otherwise* if the page was only opened."""
        return otherwise if self.values is None else value in self.texts(name)

    def shown(self, name: str, now: str) -> str:
        """What a field had when the page was opened; *now* where the form does not say."""
        said = (self.values or {}).get(f"{SHOWN}{name}", (now,))[0]
        return "\n".join(said.splitlines())  # a browser sends other ends of lines

    def changed(self, now: Mapping[str, str]) -> Collection[str]:
        """
        Those fields that the reader of the page changed, of all that *now* has a text for.

        Only these are to be saved: somebody else may have changed the others meanwhile.
        """
        return {name for name in now if self._differs(name, now[name])}

    def _differs(self, name: str, now: str) -> bool:
        return [*self.text(name).splitlines()] != self.shown(name, now).splitlines()

    def with_errors(self, **errors: str) -> "Form":
        """The same, with sentences about its fields."""
        return replace(self, errors={**self.errors, **errors})


def new_once() -> str:
    """What no other form has as its `ONCE`."""
    return uuid4().hex


async def read_form(
    request: Request, tokens: Sequence[str], client: str | None, user_id: str | None
) -> Form:
    """
    The form that was sent.

    Args:
        request: Its body is read now.
        tokens: The session's, the visitor's: the form must carry what belongs to one of them.
        client: The address of somebody whom nobody knows; None where that may be many people.
        user_id: Who is signed in.

    Raises:
        NotOurForm: It carries another token, or none; there may be none of ours.
        PayloadTooLarge, BadRequest: It is too large, or no form.
        Overloaded: All bodies that are being received take too much room.
    """
    if not tokens:
        raise NotOurForm
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != _URLENCODED or "content-encoding" in request.headers:
        raise SanicException(status_code=_UNSUPPORTED_MEDIA_TYPE)
    if user_id is None:
        body = await request.strangers_body(MOST_BYTES, client)
    else:
        body = await request.whole_body(MOST_BYTES, user_id)
    form = Form(_parsed(body))
    carried = form.text(TOKEN).encode()
    if not any(hmac.compare_digest(carried, form_token(token).encode()) for token in tokens):
        raise NotOurForm
    return form


def _parsed(body: bytes) -> Mapping[str, Sequence[str]]:
    try:
        text = body.decode("ascii")  # all else is percent-encoded
        return parse_qs(text, keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise BadRequest from None
