"""What signs users in, which no copy carries from one store to another."""

import contextlib
from pathlib import Path

from adapters.sqlite.connection.schema import known_version
from adapters.sqlite.files.copies import connect

SINCE_VERSION = 6
_LEAVE_OUT = (
    "DELETE FROM sessions",
    "DELETE FROM sign_in_tries",
    "UPDATE users SET link_digest = NULL, link_expires_at = NULL, link_sets_password = NULL",
)


def leave_sessions_out(copy: Path) -> None:
    """
    Delete the sessions and links in *copy*, so that nothing of them is left in the file.

    A session that ended after the copy was made, or a link that was used, would else be open again
    where it is put back.

    Raises:
        StoreUnusable: It is no store, or a newer version's.
    """
    with contextlib.closing(connect(copy)) as store:
        if known_version(store, str(copy)) < SINCE_VERSION:
            return
        store.execute("PRAGMA secure_delete = ON")
        for statement in _LEAVE_OUT:
            store.execute(statement)
