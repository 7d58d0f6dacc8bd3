"""
Attack a server of its own on 127.0.0.1 and say whether it held: 0 when every bound did, else 1.

Each attack gets a fresh server with default settings on a SQLite store. Another project, the
neighbour, sends 50 leads a second: in peace, then while the same clients attack a sink (a server
that does nothing but refuse), and then beside the attack. The ratio is of the last p99 to the
higher one of the others, for who attacks takes a part of the processors wherever it goes. Times
are counted from the moment at which a lead was due, and a lead without a 201 counts as slow as ten
seconds.
"""

import argparse
import os
import platform
import sys

from tests.faults.attacks.catalogue import ATTACKS, chosen
from tests.faults.attacks.report import HEAD, rows

EXAMPLES = """\
examples:
  python -m tests.faults.attacks                          all of them; ten minutes
  python -m tests.faults.attacks --only framing           one
  python -m tests.faults.attacks --only keyless forged    every one of these kinds
  python -m tests.faults.attacks --list                   what each does
"""
SECONDS = 10.0


def main() -> int:
    """Run the chosen attacks one after the other and print what was found."""
    options = _options()
    if options.list:
        print("\n".join(f"{name:<25} {attack.__doc__}" for name, attack in ATTACKS.items()))
        return 0
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, SQLite\n{HEAD}")
    broken = []
    for name in options.only:
        finding = ATTACKS[name](options.seconds)
        print("\n".join(rows(name, finding)), flush=True)
        if finding.broken:
            broken.append(name)
    print(f"\n{len(options.only) - len(broken)} of {len(options.only)} attacks broke no bound.")
    return 1 if broken else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults.attacks",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--only", nargs="+", default=[], metavar="NAME", help="attacks, or kinds of them"
    )
    parser.add_argument("--list", action="store_true", help="say what each attack does, and end")
    parser.add_argument(
        "--seconds",
        type=float,
        default=SECONDS,
        help="how long each attack that sends without pause lasts (%(default)g)",
    )
    options = parser.parse_args()
    try:
        options.only = chosen(options.only)
    except KeyError as error:
        parser.error(f"there is no attack {error}; --list names all")
    return options


if __name__ == "__main__":
    sys.exit(main())
