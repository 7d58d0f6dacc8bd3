"""The API keys of a project: the list, a new one, and the end of one."""

from sanic import HTTPResponse

from application.keys.create import CreateKey, NewKey
from application.keys.revoke import RevokeKey
from application.ports.key_register import KeyRegister
from domain.api_key import ApiKey, InvalidLabel
from domain.users.refusals import NotThere
from entrypoints.console.frame import times
from entrypoints.console.frame.forms import Form, new_once
from entrypoints.console.frame.visit import Visit
from entrypoints.console.lines import for_page, for_terminal

FOR = "for"
PAGE, SERVER = "page", "server"
_REVOKED = (
    "Who still sends with it is refused within two seconds, and nothing of it becomes a lead. It"
    " cannot be undone. Leads that came with it stay."
)


class KeysPage:
    """A channel's key is not among them: it is on the page of its channel."""

    def __init__(self, keys: KeyRegister, create_key: CreateKey, revoke_key: RevokeKey) -> None:
        self._keys = keys
        self._create_key = create_key
        self._revoke_key = revoke_key

    async def show(self, visit: Visit) -> HTTPResponse:
        """Those that open something, newest first, then those that were revoked."""
        keys = await self._of_project(visit)
        keys.sort(key=lambda key: key.created_at, reverse=True)
        keys.sort(key=lambda key: key.revoked_at is not None)
        return visit.page("keys.html", keys=keys, open_to_any_page=_is_open(visit, *keys))

    async def blank(self, visit: Visit) -> HTTPResponse:
        """The form for a new key."""
        return _blank(visit, visit.form)

    async def make(self, visit: Visit) -> HTTPResponse:
        """Make a key, and show it once."""
        form, project_id = visit.form, visit.project.project_id
        label = form.text("label").strip()
        if form.text(FOR) not in (PAGE, SERVER):
            return _blank(visit, form.with_errors(**{FOR: "Say where the key will stand."}))
        try:
            made = await self._create_key(
                project_id,
                label=label,
                for_page=form.text(FOR) == PAGE,
                seed=visit.seed(project_id, label, form.text(FOR)),
            )
        except InvalidLabel as refused:
            return _blank(visit, form.with_errors(label=str(refused)))
        if made.kept.revoked_at is not None:
            return visit.done(_keys_of(visit), "key-revoked-since")
        return show_once(visit, made)

    async def ask(self, visit: Visit, key_id: str) -> HTTPResponse:
        """What revoking the key means."""
        key = await self._key(visit, key_id)
        name = " ".join(filter(None, ["the key", key.label, f"(…{key.hint})"]))
        used = "It was never used."
        if key.last_used_at is not None:
            used = f"It was last used {times.in_words(key.last_used_at, visit.frame.clock.now())}."
        return visit.page(
            "danger.html",
            question=f"Revoke {name}?",
            sentences=[used, _REVOKED],
            button="Revoke",
            path=f"{_keys_of(visit)}/{key_id}/revoke",
            back=_keys_of(visit),
        )

    async def revoke(self, visit: Visit, key_id: str) -> HTTPResponse:
        """Revoke the key."""
        key = await self._key(visit, key_id)
        await self._revoke_key(key.key_id)
        return visit.done(_keys_of(visit), "key-revoked")

    async def _of_project(self, visit: Visit) -> list[ApiKey]:
        keys = await self._keys.of_project(visit.project.project_id)
        return [key for key in keys if key.channel is None]

    async def _key(self, visit: Visit, key_id: str) -> ApiKey:
        """The key, if it is one of this very project."""
        for key in await self._of_project(visit):
            if key.key_id == key_id:
                return key
        raise NotThere


def show_once(visit: Visit, made: NewKey) -> HTTPResponse:
    """The page of a new key, which nobody sees again, with what to do with it."""
    lines = for_page if made.kept.for_page else for_terminal
    return visit.page(
        "key.html",
        key=made.kept,
        secret=made.secret,
        lines=lines(visit.lead_url, made.secret),
        open_to_any_page=_is_open(visit, made.kept),
    )


def _blank(visit: Visit, form: Form) -> HTTPResponse:
    return visit.page("new_key.html", form=form, once=new_once())


def _is_open(visit: Visit, *keys: ApiKey) -> bool:
    """Whether any page of the web may use one of *keys*, since the project lists no domain."""
    return not visit.project.domains and any(k.for_page and k.revoked_at is None for k in keys)


def _keys_of(visit: Visit) -> str:
    return f"/projects/{visit.project.project_id}/settings/keys"
