"""
Every sentence for a person at the command line that names a command or a variable.

The core says what is wrong, and gives a code and its data for what to do; here is the sentence to
each code, and the log of a serving process says the same ones. `{…}` is a member of the data.
(The help of a command stands at the command; what a variable must be, where the settings are read;
what to mend where a test delivery fails, in `channels.hops`.)
"""

import errno
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from domain import held
from domain.errors import Advice, AdviceCode, PortError
from domain.lead import REST
from entrypoints.exports.export_format import FileNotMade

if TYPE_CHECKING:  # slow to import, and --help needs it not
    from entrypoints.http.connection.server import CannotListen

_END_ALL = "End every process that uses the store, then start again."
_UNTIL_SAVED = "leave this process running until the log says store.saved"
_ALL_IS_COPIED = (
    f"If {{store}} was deleted, {_UNTIL_SAVED}: everything that was acknowledged is in files that"
    " are still open, and is being copied to a new file beside it."
)
_EMPTY_STORE = "To begin anew with an empty store, move {%s} to another folder."

ADVICE: Mapping[AdviceCode, str] = MappingProxyType(
    {
        # Any store
        AdviceCode.MAKE_STORE: "`swiftcrm serve` or `swiftcrm project create` makes one.",
        AdviceCode.RUN_NEWER_PROGRAM: "Run that version.",
        AdviceCode.START_SERVICE: "Start `swiftcrm serve` once: it upgrades the store.",
        AdviceCode.LIST_PROJECTS: "`swiftcrm project list` shows them all.",
        AdviceCode.LIST_KEYS: "`swiftcrm key list PROJECT` shows the keys of a project.",
        AdviceCode.LIST_HELD: "`swiftcrm held list PROJECT` shows those that are.",
        AdviceCode.MAKE_ANOTHER_KEY: "`swiftcrm key create` makes another key for it.",
        AdviceCode.LIST_USERS: "`swiftcrm user list` shows them all.",
        AdviceCode.MAKE_ANOTHER_LINK: "`swiftcrm user link` makes a new link for this user.",
        AdviceCode.MAKE_ANOTHER_ADMIN: (
            "Make another one first: `swiftcrm user update EMAIL --admin`, or `swiftcrm user create"
            " EMAIL --admin`. A new one counts as soon as a password is chosen."
        ),
        # The file of the embedded store, and what is beside it
        AdviceCode.MAKE_ROOM: (
            "Make room on the disk that holds {store}, or raise the quota; until then no lead can"
            " be taken."
        ),
        AdviceCode.END_ALL_PROCESSES: _END_ALL,
        AdviceCode.MOVE_FILE_AWAY: (
            "End every process that uses the store, move {file} away, then start again."
        ),
        AdviceCode.SHARE_WITH_GROUP: (
            "Ask the owner of {file} to give it the group and the rights that {store} has. The"
            " folder needs the same group, and the group the right to make files in it."
        ),
        AdviceCode.RESTORE_SAVED_COPY: (
            f"Run `swiftcrm restore {{copy}}`. {_EMPTY_STORE % 'copy'}"
        ),
        AdviceCode.FIND_LOST_STORE: (
            "If the store was moved, move it back to its log; if it was deleted, run"
            f" `swiftcrm restore` with a backup. {_EMPTY_STORE % 'log'}"
        ),
        # A file of it that was lost while it is open
        AdviceCode.START_AGAIN: (
            f"Everything that was acknowledged is in {{store}}: nothing is missing. {_END_ALL}"
        ),
        AdviceCode.WAIT_FOR_LOG: (
            f"What was acknowledged last is not in {{store}} yet: {_UNTIL_SAVED}. {_END_ALL}"
        ),
        AdviceCode.WAIT_FOR_COPY: _ALL_IS_COPIED,
        AdviceCode.MOVE_BACK_OR_WAIT_FOR_COPY: (
            "If {store} was moved, it has everything that was acknowledged: end every process that"
            f" uses the store, then move it back. {_ALL_IS_COPIED}"
        ),
        AdviceCode.RESTORE_NEW_COPY: (
            "Everything that was acknowledged is in {copy}. End every process that uses the store,"
            " then run `swiftcrm restore {copy}`."
        ),
        AdviceCode.LET_COPY_SUCCEED: (
            "The copy is tried again each second. Mend what is in its way, and"
            f" {_UNTIL_SAVED}: if it ends before, what was deleted is gone."
        ),
        AdviceCode.END_OTHER_PROGRAM: (
            "Another program has made a new {lost} meanwhile, so nothing was copied from the old"
            " one. End that program, then every process that uses the store, with SIGTERM and not"
            " with kill -9: SQLite saves what it has when the last one closes the store. Then"
            " start again; if leads are missing, restore a backup."
        ),
        # Backups
        AdviceCode.BACK_UP_ELSEWHERE: "Make the backup elsewhere, and copy it there.",
        AdviceCode.USE_BACKUP_COMMAND: (
            "`swiftcrm backup` makes a file that has everything in it."
        ),
        AdviceCode.USE_MONGODB_TOOLS: "docs/backup.md says how.",
        AdviceCode.CLOSE_STORE: (
            "End every `swiftcrm serve`, and every other program that uses it, then restore again."
        ),
        AdviceCode.REPLACE_STORE: (
            "With --replace it is put aside under another name, and the backup takes its place."
        ),
        AdviceCode.MOVE_STORE_YOURSELF: (
            "Move {store}, and the files beside it whose names begin with that, to another folder"
            " yourself, then restore again."
        ),
        AdviceCode.MOVE_KEY_YOURSELF: (
            "Keep a copy of {old}, put {new} in its place, then restore again."
        ),
        AdviceCode.FIND_KEY_OF_BACKUP: (
            "Put the key that was saved with the backup at {key}, or set SWIFTCRM_SECRET_KEY to the"
            " one that was set then. With --without-secrets the backup is restored all the same:"
            " all leads are there, and you set the secrets of channels again."
        ),
        AdviceCode.FINISH_RESTORE: (
            "Mend that, then start again; the old store and the backup are both still there."
        ),
        # Stored secrets
        AdviceCode.SET_SECRET_KEY: (
            "Set SWIFTCRM_SECRET_KEY to 32 random bytes in URL-safe base64."
        ),
        AdviceCode.ADD_OLD_SECRET_KEY: ("Add the key it was locked with to SWIFTCRM_SECRET_KEY."),
        AdviceCode.PUT_KEY_FILE_BACK: "Put {file} back, or set SWIFTCRM_SECRET_KEY.",
        AdviceCode.SET_SECRET_AGAIN: (
            "Or set it again: `swiftcrm channel set PROJECT {channel} {setting}=-`."
        ),
        # Servers, and the proxy in front
        AdviceCode.MEND_DATABASE_URL: (
            "SWIFTCRM_DATABASE_URL must be like mongodb://HOST:27017/swiftcrm."
        ),
        AdviceCode.MEND_DATABASE_HOST: "Mend the host in SWIFTCRM_DATABASE_URL.",
        AdviceCode.MEND_DATABASE_LOGIN: (
            "Mend the user and the password in SWIFTCRM_DATABASE_URL, or give that user the right"
            " to read and write the database."
        ),
        AdviceCode.LEAVE_OPTION_OUT: "Leave {option} out of SWIFTCRM_DATABASE_URL.",
        AdviceCode.MEND_REDIS_URL: (
            "SWIFTCRM_REDIS_URL must be like redis://user:password@host:6379/0, or rediss://… for"
            " TLS, with odd characters of the password percent-encoded."
        ),
        AdviceCode.TRUST_PROXY: "If this is your proxy, add it to SWIFTCRM_TRUSTED_PROXIES.",
    }
)
"""What to do, by the code that the core gives."""

HELD: Mapping[str, str] = MappingProxyType(
    {
        held.PLAN_LIMIT_REACHED: (
            "The month was full. Raise the limit with `swiftcrm project update PROJECT"
            " --monthly-limit N`, and it becomes a lead by itself."
        ),
        held.DOMAIN_NOT_ALLOWED: (
            "The page that sent it is not on the project's list. If it is yours, allow it with"
            " `swiftcrm project update PROJECT --add-domain D`; if its origin is null, give the"
            " page the Referrer-Policy strict-origin-when-cross-origin instead. Then make leads of"
            " them with `swiftcrm held release PROJECT --code DOMAIN_NOT_ALLOWED`."
        ),
        held.VALIDATION_FAILED: (
            "A field is wrong: `swiftcrm held show PROJECT ID` says which one, or else the log"
            " does. Mend the sender, then make leads of them with `swiftcrm held release PROJECT"
            " --code VALIDATION_FAILED`: what fits no field goes into the attributes."
        ),
        held.INVALID_JSON: (
            "The body is no JSON object: `swiftcrm held show PROJECT ID` shows where it fails. Mend"
            " the sender, then make leads of them with `swiftcrm held release PROJECT --code"
            " INVALID_JSON`: the text of each goes into its attributes."
        ),
        held.NUMBER_NOT_LISTED: (
            "No project lists the number that it was sent to, or the project that lists it has"
            " another app_secret. List the number with `swiftcrm channel set PROJECT CHANNEL"
            " phone_number_ids=…`, or give both projects the same app_secret, and it becomes a"
            " lead by itself within seconds."
        ),
        held.UNREADABLE: (
            "It could not be read. Look at it with `swiftcrm held show`; `swiftcrm held release`"
            " makes a lead of what can be read of it, with its text beside it."
        ),
        held.UNPROVEN: (
            "Nothing proved who sent it, and very many came in one minute. Give the channel its"
            " secret, so that deliveries prove who sent them: `swiftcrm channel show PROJECT"
            " CHANNEL` names it. `swiftcrm held release PROJECT ID…` makes leads of the real ones;"
            " with `--code UNPROVEN` in place of the IDs, of all of them."
        ),
        held.RATE_LIMITED: (
            "Too many calls came from one address in a short time. They were refused, and what"
            " they sent is not held. If they were real, raise SWIFTCRM_RATE_LIMIT; if the address"
            " is that of a proxy, name it in SWIFTCRM_TRUSTED_PROXIES."
        ),
        held.NO_ROOM: (
            "Calls were refused and not held: the project holds as much as it may of the code in"
            " ORIGIN, or more calls came at once than could be written. Release what is held. Raise"
            " SWIFTCRM_HELD_MAX only if as many calls as it says are held: where their bytes are"
            " too many, it does not help."
        ),
        held.KEY_REVOKED: (
            "Somebody still uses a key that was revoked, and what they send is not held. `swiftcrm"
            " key list PROJECT` shows the keys; `swiftcrm key create PROJECT` makes a new one for"
            " the sender."
        ),
    }
)
"""Why something is held, and what to do, by the code under which it is held."""
FROM_PAGE: Mapping[str | None, str] = MappingProxyType(
    {
        None: (
            "It names no page, and was sent with a page's key or to a project that requires an"
            " origin. Give a server, such as a plugin on it, a key of its own: `swiftcrm key create"
            " PROJECT`. Then make leads of them with `swiftcrm held release PROJECT --code"
            " DOMAIN_NOT_ALLOWED`."
        ),
        "null": (
            "The browser said null in place of the page, as it does with the Referrer-Policy"
            " no-referrer or same-origin. Give the page strict-origin-when-cross-origin; to list"
            " null would let every page in. Then make leads of them with `swiftcrm held release"
            " PROJECT --code DOMAIN_NOT_ALLOWED`."
        ),
        "odd": (
            "Its Origin or Referer is no address of a page. Look at the program that sends it; then"
            " make leads of them with `swiftcrm held release PROJECT --code DOMAIN_NOT_ALLOWED`."
        ),
    }
)
"""Why a call from no page of the web is held under DOMAIN_NOT_ALLOWED, by its origin."""
_OF_THE_LEAD_PATH = (
    "The month was full. Raise the limit with `swiftcrm project update PROJECT --monthly-limit N`,"
    " then make leads of them with `swiftcrm held release PROJECT --code PLAN_LIMIT_REACHED`. With"
    " `swiftcrm project update PROJECT --release-held-calls` they become leads by themselves."
)
"""Why a call of the lead path, whose sender we refused, is held for the plan."""
_FROM_THIS_PAGE = (
    "{origin} is not on the project's list. If {origin} is yours, allow it with `swiftcrm project"
    " update PROJECT --add-domain {origin}`, then make leads of them with `swiftcrm held release"
    " PROJECT --code DOMAIN_NOT_ALLOWED`."
)
_HELD_BY_A_NEWER_PROGRAM = "Look at it with `swiftcrm held show`."

LISTENING: Mapping[int, str] = MappingProxyType(
    {
        errno.EADDRINUSE: (
            "Another program listens on {address} already; it may be one of ours that was started"
            " before. End it, or take a free port: {again}."
        ),
        errno.EACCES: (
            "You may not listen on {address}: most systems let root alone have a port below 1024."
            " Take another one: {again}."
        ),
    }
)
"""Why `swiftcrm serve` cannot listen, and what to type instead, by the system's error."""
LOCAL = "127.0.0.1"
"""Where it listens if nobody says otherwise."""
_MAKE_RUN = ("make run", "HOST=", "PORT=")
_SERVE = ("swiftcrm serve", "--host ", "--port ")
_NOT_OUR_ADDRESS = (
    "The server cannot listen on {address}: {cause}. The host must be an address of this machine:"
    " 127.0.0.1 for callers on it alone, 0.0.0.0 for others too."
)

# What a command says of its own
NO_SUCH_CHANNEL = (
    "There is no channel {channel!r}.{meant} SWIFTCRM_CHANNELS switches on: {known}. Name it"
    " there, as a built-in channel or as package.module:factory, for the server and for its"
    " commands."
)
COMPLETE_THE_URL = (
    "In the webhook URL, *** stands for the password in SWIFTCRM_PUBLIC_URL: put it there when you"
    " give the URL to the sender."
)
SETTINGS_UNKNOWN = "The settings of the channels cannot be listed: {cause}"
STORE = "Leads are kept in {location}"
NEW_STORE = (
    "Made a new store: {location}. If you expected one with projects in it: a relative path in"
    " SWIFTCRM_DATABASE_URL, as its default is, begins in the folder that you are in."
)
NO_PROJECTS = "There are no projects yet. `swiftcrm project create NAME` makes one."
NO_KEYS = "This project has no key. `swiftcrm key create PROJECT` makes one."
NOTHING_HELD = (
    "Nothing is held. If a lead is missing all the same, and `swiftcrm lead list PROJECT` does not"
    " have it, its call did not come here, had no key of this project, or was refused for what is"
    " never held, such as a form in place of JSON, or a body that is too large. The log of"
    " `swiftcrm serve` has a line for each call that came, with the code of its answer."
)
NOTHING_OF_THIS_KIND = (
    "Nothing of this kind is held. `swiftcrm held list PROJECT` without --code and --since shows"
    " all that is."
)
HELD_COUNT = "{count} (is a lead missing? `swiftcrm held list PROJECT` says why)"
CALLS_WAIT = (
    "Waiting for a place: {count}. What a webhook brought in this month becomes a lead by itself"
    " while there are places. Calls of the lead path do not: make leads of them with `swiftcrm held"
    " release PROJECT --code PLAN_LIMIT_REACHED`, or give the project --release-held-calls."
)
CALLS_BECOME_LEADS = (
    "Waiting for a place: {count}. Those of this month become leads by themselves while there are"
    " places, the oldest first."
)
HAVE_ARRIVED = (
    "Not released, since their people tried again and are leads by now: {count}. `swiftcrm held"
    " list PROJECT` shows the lead of each (ARRIVED_AS). If it is another one all the same, give"
    " the ID: `swiftcrm held release PROJECT ID`."
)
WITHOUT_PLACE = (
    "No place in this month: {count}. Raise the limit with `swiftcrm project update PROJECT"
    " --monthly-limit N`, then release what still waits."
)
SOME_STILL_HELD = "Some are still held; `swiftcrm held list PROJECT` says why."
NOT_FOR_A_TERMINAL = (
    "an Excel file is nothing for a terminal. Write it into a file: `swiftcrm lead export {project}"
    " --format xlsx > leads.xlsx`"
)
MAKE_ROOM_FOR_FILE = (
    "Make room there, or name another folder in TMPDIR. csv and ndjson need no room of their own."
)
NO_CHANNEL_ON = "No channel is switched on: SWIFTCRM_CHANNELS names none."
ANOTHER_PUBLIC_URL = (
    "To try a channel, set SWIFTCRM_PUBLIC_URL={url} for this process and for the"
    " commands: webhook URLs begin with that.\n"
)
CONSOLE = (
    "The console, where users sign in (`swiftcrm user create EMAIL --admin` makes one): {url}\n"
)
CONSOLE_LINK = "Open the console in a browser; the link works once, for ten minutes:\n\n{link}\n\n"
NO_WEBHOOK_YET = "none yet; `swiftcrm channel show PROJECT {channel}` makes it"
KEY_SHOWN_ONCE = "The api_key is not shown again; `swiftcrm key create` makes another one."
LINK_SHOWN_ONCE = (
    "The link works once, for 24 hours, and is not shown again. `swiftcrm user link EMAIL` makes"
    " another one."
)
LINK_IS_LOOPBACK = (
    "The link has a loopback address: nobody outside this machine can open it. Set"
    " SWIFTCRM_PUBLIC_URL to the address at which others reach this program."
)
CONSOLE_IS_OFF = (
    "SWIFTCRM_CONSOLE is off here. Where the server has it off too, the link opens nothing."
)
NO_USERS = "There are no users yet. `swiftcrm user create EMAIL --admin` makes one."
LISTED_NULL = (
    "With null in its domains every page may send leads to this project, for a page decides"
    " itself whether its browser says so."
)
ANY_PAGE_MAY_USE_IT = (
    "Any page may use this key until the project lists a domain:"
    " `swiftcrm project update PROJECT --add-domain D`."
)
SECRETS_UNREADABLE = (
    "The secrets of channels in this backup cannot be read with the key at hand. Find the key that"
    " they were locked with, or set them again with `swiftcrm channel set`."
)
KEEP_THE_SET_KEY = (
    "The secrets in it are locked with SWIFTCRM_SECRET_KEY, which is not in the backup: keep that"
    " as well."
)


def advised(advice: Iterable[Advice]) -> str:
    """The sentences of all *advice* on one line; empty where there is none."""
    return " ".join(ADVICE[one.code].format_map(one.data) for one in advice)


def message_of(error: Exception) -> str:
    """What is wrong, and what to do about it."""
    advice = advised(error.advice) if isinstance(error, PortError) else ""
    if isinstance(error, FileNotMade):
        advice = MAKE_ROOM_FOR_FILE
    return f"{error} {advice}".rstrip()


def cannot_listen(error: "CannotListen", *, by_make: bool) -> str:
    """Why `swiftcrm serve` cannot begin, and how to start it, or `make run`, instead."""
    start, host, port = _MAKE_RUN if by_make else _SERVE
    elsewhere = "" if error.host == LOCAL else f" {host}{error.host}"
    return LISTENING.get(error.cause.errno or 0, _NOT_OUR_ADDRESS).format(
        address=f"{error.host}, port {error.port}",
        again=f"`{start}{elsewhere} {port}{error.free_port}`",
        cause=error.cause.strerror,
    )


def held_advice(code: str) -> str:
    """What to do about all that is held under *code*, which a newer program may know."""
    return HELD.get(code, _HELD_BY_A_NEWER_PROGRAM)


def advice_for(call: held.HeldCall) -> str:
    """What to do about this one."""
    if call.code == held.PLAN_LIMIT_REACHED and call.channel == REST:
        return _OF_THE_LEAD_PATH
    if call.code == held.DOMAIN_NOT_ALLOWED:
        return FROM_PAGE.get(call.origin, _FROM_THIS_PAGE).format(origin=call.origin)
    return held_advice(call.code)
