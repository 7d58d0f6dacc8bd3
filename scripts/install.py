"""
Install a lock file and this project into an environment, once, also when called many times at once.

    python3 scripts/install.py LOCK [FOLDER]    into .venv, if it is not said

Standard library only: it runs before anything is installed.
"""

import fcntl
import hashlib
import subprocess
import sys
import venv
from pathlib import Path

OLDEST_PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parent.parent


def main(lock_name: str, folder: str = ".venv") -> None:
    """Bring the environment in *folder* to what *lock_name* and pyproject.toml say."""
    if sys.version_info < OLDEST_PYTHON:
        sys.exit("This needs Python 3.11 or newer: make PYTHON=/path/to/python3.11")
    lock = ROOT / lock_name
    with (ROOT / ".venv.lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        environment = ROOT / folder
        stamp = environment / f"{lock_name}.installed"
        wanted = _fingerprint(lock, ROOT / "pyproject.toml")
        if stamp.exists() and stamp.read_text() == wanted:
            return
        print(f"Installing {lock_name} into {folder} (this takes a minute) ...", flush=True)
        python = environment / "bin" / "python"
        if not _has_pip(python):
            venv.create(environment, with_pip=True, clear=environment.exists())
        _pip(python, "install", "--require-hashes", "-r", str(lock))
        # What it is built with is in the lock: nothing is fetched without a hash.
        _pip(python, "install", "--no-build-isolation", "--no-deps", "-e", str(ROOT))
        stamp.write_text(wanted)


def _has_pip(python: Path) -> bool:
    """Whether there is a whole environment; one that was interrupted half-way is made anew."""
    check = [str(python), "-m", "pip", "--version"]
    return (
        python.exists() and not subprocess.run(check, check=False, capture_output=True).returncode
    )


def _pip(python: Path, *arguments: str) -> None:
    command = [str(python), "-m", "pip", "--disable-pip-version-check", "-q"]
    done = subprocess.run([*command, *arguments], check=False)
    if done.returncode:
        sys.exit(f"pip failed: {' '.join(arguments)}")


def _fingerprint(*files: Path) -> str:
    digest = hashlib.sha256(str(ROOT).encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    main(*sys.argv[1:])
