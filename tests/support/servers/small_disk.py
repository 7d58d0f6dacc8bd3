"""A disk that is soon full: a small one in memory, which only one process and who looks sees."""

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from tests.support.program import PROGRAM

_OWN_MOUNTS = ("unshare", "--mount", "--map-root-user")
_MOUNT = 'mount -t tmpfs -o size="$1"k,mode=700 none "$0" && cp -R "$2"/. "$0" && '
_FILL = 'head -c "$3"k /dev/zero > "$0/keep"; cat /dev/zero > "$0/filler"; rm "$0/keep"; '
FILLER = "filler"


@cache
def _is_allowed() -> bool:
    if shutil.which(_OWN_MOUNTS[0]) is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        command = [*_OWN_MOUNTS, "mount", "-t", "tmpfs", "none", folder]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


def on_a_small_disk(
    folder: Path,
    kibibytes: int,
    content: Path,
    left_kibibytes: int | None = None,
    program: Sequence[str] = PROGRAM,
) -> tuple[str, ...]:
    """
    The command that runs *program* with a small disk at *folder*, which goes when it ends.

    Args:
        content: The folder whose files are on the disk at first.
        left_kibibytes: Fill the disk but for so much before the program starts.
    """
    if not _is_allowed():
        pytest.skip("this machine allows nobody to mount a disk of his own (unshare --mount)")
    script = _MOUNT + (_FILL if left_kibibytes is not None else "") + 'shift 3; exec "$@"'
    words = (str(folder), str(kibibytes), str(content), str(left_kibibytes or 0), *program)
    return (*_OWN_MOUNTS, "sh", "-c", script, *words)


def seen_from_outside(process: "subprocess.Popen[bytes]", folder: Path) -> Path:
    """Where the small disk of a running process can be looked at."""
    return Path(f"/proc/{process.pid}/root{folder}")


def fill(disk: Path) -> None:
    """Until nothing more fits on it."""
    with (disk / FILLER).open("wb", buffering=0) as filler:
        try:
            while filler.write(bytes(4096)):
                pass
        except OSError:
            return
