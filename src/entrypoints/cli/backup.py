"""`swiftcrm backup` and `swiftcrm restore`."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from application.backup.back_up import Backup
from domain.backup import PutBack, StoreContent
from entrypoints.cli.failures import NewContainer, reported
from entrypoints.cli.messages import KEEP_THE_SET_KEY, SECRETS_UNREADABLE
from entrypoints.cli.output import AsJson, hint, print_facts, print_json, warn


def add_backup_commands(cli: typer.Typer, new_container: NewContainer) -> None:
    """Add `swiftcrm backup` and `swiftcrm restore` to *cli*."""

    @cli.command("backup")
    def backup(
        file: Annotated[
            Path, typer.Argument(metavar="FILE", help="The file to make; it must not exist yet.")
        ],
        as_json: AsJson = False,
    ) -> None:
        """
        Copy the embedded store to FILE, and its key to FILE.key.

        It works while the server runs, and no lead waits for it. The copy shows the store
        as it was at a single moment, and every page of it is checked. Only you may read
        the two files. Do not use `cp`: its copy misses leads.

        \b
        swiftcrm backup /backups/leads-2026-11-29.db

        docs/backup.md says how to do it every night, how to try a backup out,
        and how to back up MongoDB.
        """
        with reported():
            container = new_container()
            done = container.back_up_store()(file, _progress())
        saved = done.saved
        facts = {
            "file": str(saved.file),
            **_counts(saved.content),
            "key_file": None if saved.key_file is None else str(saved.key_file),
        }
        print_json(facts) if as_json else print_facts(facts)
        _say_what_else_to_keep(done, is_key_set=bool(container.settings().secret_key))

    @cli.command("restore")
    def restore(
        file: Annotated[
            Path, typer.Argument(metavar="FILE", help="A file that `swiftcrm backup` made.")
        ],
        replace: Annotated[
            bool,
            typer.Option(
                "--replace", help="Put the store that is there aside, under another name."
            ),
        ] = False,
        without_secrets: Annotated[
            bool,
            typer.Option(
                "--without-secrets",
                help="Restore although the key is lost; then set the secrets of channels again.",
            ),
        ] = False,
        as_json: AsJson = False,
    ) -> None:
        """
        Make FILE the embedded store, with the key in FILE.key.

        First end every `swiftcrm serve`: nothing is restored while anybody has the store
        open. FILE is read through before anything changes, and stays where it is. The
        store that was there is never deleted: it is put aside under a name with the date.

        \b
        swiftcrm restore /backups/leads-2026-11-29.db
        swiftcrm restore /backups/leads-2026-11-29.db --replace
        """
        with reported():
            container = new_container()
            done = container.restore_store()(file, replace=replace, without_secrets=without_secrets)
        facts = _restored(done, container.settings().sqlite_path)
        print_json(facts) if as_json else print_facts(facts)


def _counts(content: StoreContent) -> dict[str, int]:
    return {
        "bytes": content.size_bytes,
        "projects": content.projects,
        "leads": content.leads,
        "held": content.held,
    }


def _restored(done: PutBack, store: Path) -> dict[str, object]:
    return {
        "store": str(store),
        **_counts(done.content),
        "key_file": None if done.key_file is None else str(done.key_file),
        "replaced": None if done.aside is None else str(done.aside),
    }


def _say_what_else_to_keep(done: Backup, *, is_key_set: bool) -> None:
    if not done.are_readable:
        warn(SECRETS_UNREADABLE)
    elif done.secrets and is_key_set:
        hint(KEEP_THE_SET_KEY)


def _progress() -> Callable[[float], None]:
    """A percentage on a terminal; elsewhere nothing."""
    if not sys.stderr.isatty():
        return lambda _: None

    def show(done: float) -> None:
        ends = "\n" if done >= 1 else ""
        sys.stderr.write(f"\r{done:4.0%} copied{', looking through the copy' * (done >= 1)}{ends}")
        sys.stderr.flush()

    return show
