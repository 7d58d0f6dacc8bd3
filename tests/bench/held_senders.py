"""Those who send what is refused, and a neighbour who does not: each in a process of its own."""

import json
import time
from collections import Counter
from itertools import repeat

from tests.bench.calls import DOMAIN, LEAD, a_lead, rest_lead
from tests.bench.pace.sender import CREATED, NotCaptured, paced
from tests.support.stores import Account

PLAN, UNLISTED, VALIDATION, BROKEN = "plan", "domain", "validation", "broken JSON"
KINDS = {PLAN: 429, UNLISTED: 403, VALIDATION: 422, BROKEN: 400}
"""What is refused, and with which status."""
ACCEPTED = "leads"
"""The same flood of calls that are not refused: what the machine gives to anybody."""
OTHER_DOMAIN = "example.org"
CONNECTIONS = 16


def a_refused_call(kind: str, account: Account, number: int) -> bytes:
    """One that says what no other says."""
    name = f"person{number}"
    email = name if kind == VALIDATION else f"{name}@example.com"
    body = json.dumps(LEAD | {"name": name, "email": email})
    if kind == BROKEN:
        body = body[:-1] + ","
    return a_lead(account.key, body, OTHER_DOMAIN if kind == UNLISTED else DOMAIN)


def flood(
    port: int, account: Account, kind: str, numbers: range, per_second: float
) -> tuple[float, Counter[int]]:
    """Send these calls, so many a second; how long it took, and the answers' statuses."""
    calls = (a_refused_call(kind, account, number) for number in numbers)
    began = time.perf_counter()
    answered = paced(port, calls, CONNECTIONS, per_second)
    return time.perf_counter() - began, Counter(one.status for one in answered)


def neighbour(port: int, account: Account, per_second: float, seconds: float) -> list[float]:
    """Post leads at this pace, whatever comes back when; the milliseconds that each took."""
    leads = repeat(rest_lead(account.key), int(per_second * seconds))
    answered = paced(port, leads, CONNECTIONS, per_second)
    if any(one.status != CREATED for one in answered):
        raise NotCaptured(f"statuses {Counter(one.status for one in answered)}")
    return [one.took * 1000 for one in answered]
