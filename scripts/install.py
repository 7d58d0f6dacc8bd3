"""
Install a lock file and this project into `.venv`, once, also when called many times at once.

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
VENV = ROOT / ".venv"


def main(lock_name: str) -> None:
    """Bring `.venv` to what *lock_name* and pyproject.toml say."""
    if sys.version_info < OLDEST_PYTHON:
        sys.exit("This needs Python 3.11 or newer: make PYTHON=/path/to/python3.11")
    lock = ROOT / lock_name
    with (ROOT / ".venv.lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        stamp = VENV / f"{lock_name}.installed"
        wanted = _fingerprint(lock, ROOT / "pyproject.toml")
        if stamp.exists() and stamp.read_text() == wanted:
            return
        print(f"Installing {lock_name} into .venv (this takes a minute) ...", flush=True)
        if not _has_pip():
            venv.create(VENV, with_pip=True, clear=VENV.exists())
        _pip("install", "--require-hashes", "-r", str(lock))
        # What it is built with is in the lock: nothing is fetched without a hash.
        _pip("install", "--no-build-isolation", "--no-deps", "-e", str(ROOT))
        stamp.write_text(wanted)


def _has_pip() -> bool:
    """Whether there is a whole environment; one that was interrupted half-way is made anew."""
    python = VENV / "bin" / "python"
    check = [str(python), "-m", "pip", "--version"]
    return (
        python.exists() and not subprocess.run(check, check=False, capture_output=True).returncode
    )


def _pip(*arguments: str) -> None:
    command = [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "-q"]
    done = subprocess.run([*command, *arguments], check=False)
    if done.returncode:
        sys.exit(f"pip failed: {' '.join(arguments)}")


def _fingerprint(*files: Path) -> str:
    digest = hashlib.sha256(str(ROOT).encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    main(sys.argv[1])
