"""Bodies of 4 MiB that are dear to read."""

import json
from collections.abc import Iterable
from itertools import chain, count, cycle

from tests.entrypoints.http.webhooks.deliveries import a_delivery, a_message

LARGEST = 4 * 1024 * 1024
"""What a webhook takes."""
DEPTH = 150
ODD = 1_000
"""Messages of one delivery that are held one by one; more would be held as one."""
_MARK = b'"*"'


def small_objects() -> bytes:
    """One object whose list has as many small nested objects as fit."""
    return _filled(b'{"user_column_data":["*"]}', cycle([b'{"a":{"b":0}}']))


def deep_lists() -> bytes:
    """One object whose list has as many lists as fit, each of them nested deeply."""
    return _filled(b'{"user_column_data":["*"]}', cycle([b"[" * DEPTH + b"]" * DEPTH]))


def people(delivery: int) -> bytes:
    """As many messages as fit, of people whom no other *delivery* has; the first are odd."""
    odd = (_odd(delivery, number) for number in range(ODD))
    return _filled(_around_messages(), chain(odd, (_a_person(delivery, n) for n in count())))


def dense() -> bytes:
    """A delivery of as many tiny messages as fit, each of another person."""
    return _filled(_around_messages(), (b'{"from":"49%09d","id":"w%d"}' % (n, n) for n in count()))


def containers() -> bytes:
    """A delivery whose messages are empty objects and lists, as many as fit."""
    return _filled(_around_messages(), cycle([b"{}", b"[]"]))


def _around_messages() -> bytes:
    return a_delivery().replace(b'"messages": []', b'"messages": ["*"]')


def _a_person(delivery: int, number: int) -> bytes:
    message = a_message(f"wamid.{delivery}.{number}", sender=f"49{delivery}{number:08}")
    return json.dumps(message).encode()


def _odd(delivery: int, number: int) -> bytes:
    """A message that nobody can read, for want of an id."""
    return b'{"from":"49%d%08d","text":{"body":"odd"}}' % (delivery, number)


def _filled(around: bytes, elements: Iterable[bytes]) -> bytes:
    """*around* with so many *elements* in place of its mark that it is as large as is taken."""
    before, _, after = around.partition(_MARK)
    room = LARGEST - len(before) - len(after)
    taken: list[bytes] = []
    for element in elements:
        room -= len(element) + 1
        if room < 0:
            break
        taken.append(element)
    return before + b",".join(taken) + after
