"""
Install, with apt, the programs that tests need and that are missing here.

    python3 scripts/programs.py                      install them
    python3 scripts/programs.py --check test         install nothing; fail if one is missing
    python3 scripts/programs.py --check test-pages   the same, for `make test-pages`

Standard library only: it runs before anything is installed.
"""

import os
import shutil
import subprocess
import sys

PACKAGES = {
    "test": {"curl": "curl", "openssl": "openssl"},
    "test-pages": {"chromium": "chromium", "node": "nodejs", "npm": "npm", "php": "php-cli"},
    "bench-peers": {"node": "nodejs", "npm": "npm"},
}
"""For each target of make the programs that it needs, and Debian's packages of them."""
PHP_CURL = "php-curl"


def missing(targets: list[str]) -> list[str]:
    """The packages of what is not here; what is here may have been installed in any way."""
    wanted = {name: package for one in targets for name, package in PACKAGES[one].items()}
    packages = [package for name, package in wanted.items() if shutil.which(name) is None]
    if "test-pages" in targets and not _php_has_curl():
        packages.append(PHP_CURL)
    return packages


def _php_has_curl() -> bool:
    if shutil.which("php") is None:
        return False
    done = subprocess.run(["php", "-m"], capture_output=True, text=True, check=False)
    return "curl" in done.stdout.split()


def check(targets: list[str]) -> None:
    """End with a sentence if anything is missing."""
    if packages := missing(targets):
        sys.exit(f"missing: {' '.join(packages)}. `make install-programs` installs them, with apt.")


def install(packages: list[str]) -> None:
    """Install Debian's *packages*, as root or with sudo."""
    if not packages:
        return
    print(f"Installing {' '.join(packages)} ...", flush=True)
    apt = [*([] if os.geteuid() == 0 else ["sudo"]), "apt-get", "--quiet=2"]
    subprocess.run([*apt, "update"], check=True)
    subprocess.run([*apt, "install", "--yes", "--no-install-recommends", *packages], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--check"]:
        check(sys.argv[2:])
    else:
        install(missing(list(PACKAGES)))
