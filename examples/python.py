"""
Sends one lead with nothing but Python's standard library, and prints its number.

    SWIFTCRM_URL=http://127.0.0.1:8000 SWIFTCRM_API_KEY=swk_… python3 examples/python.py

It ends with 0 once the lead is kept. Otherwise it ends with 1, and standard error has the code.
"""

import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid

TRY_AGAIN = {
    *("NO_ANSWER", "REQUEST_TIMEOUT", "RATE_LIMITED"),
    *("INTERNAL_ERROR", "OVERLOADED", "STORAGE_UNAVAILABLE"),
}
TRIES = 4
LONGEST_PAUSE_SECONDS = 30

LEAD = {
    "name": "Zoë Müller",
    "email": "zoe@example.com",
    "phone": "+44 20 7946 0000",
    "attributes": {"budget": 5000, "newsletter": True},
    "source_url": "https://www.example.com/pricing",
    "utm": {"utm_source": "newsletter", "utm_campaign": "spring"},
}


def capture(url, api_key, lead):
    """The answer to *lead*, which is sent again where that may help."""
    idempotency_key = str(uuid.uuid4())  # every try carries the same one, and the lead counts once
    for _ in range(TRIES - 1):
        answer, pause = post(url, api_key, lead, idempotency_key)
        if answer["code"] not in TRY_AGAIN:
            return answer
        time.sleep(min(pause, LONGEST_PAUSE_SECONDS))
    return post(url, api_key, lead, idempotency_key)[0]


def post(url, api_key, lead, idempotency_key):
    """What the service answers to one try, and after how many seconds another may help."""
    headers = {
        "X-Api-Key": api_key,
        "Content-Type": "application/json",
        "Idempotency-Key": idempotency_key,
    }
    url = f"{url.rstrip('/')}/api/public/lead"
    pause = 1
    try:
        request = urllib.request.Request(url, json.dumps(lead).encode(), headers)
        try:
            response = urllib.request.urlopen(request, timeout=10)
        except urllib.error.HTTPError as refusal:
            response = refusal
        with response:
            retry_after = response.headers.get("Retry-After", "")
            pause = int(retry_after) if retry_after.isdecimal() else pause
            answer = json.load(response)
            if isinstance(answer, dict) and isinstance(answer.get("code"), str):
                return answer, pause
    except (OSError, http.client.HTTPException, ValueError):
        pass  # no connection, half an answer, or a proxy's own page
    return {"code": "NO_ANSWER"}, pause


if __name__ == "__main__":
    url, api_key = os.environ.get("SWIFTCRM_URL", ""), os.environ.get("SWIFTCRM_API_KEY")
    if not url.startswith(("http:", "https:")) or not api_key:
        sys.exit("Set SWIFTCRM_URL, which begins with http:// or https://, and SWIFTCRM_API_KEY.")
    answer = capture(url, api_key, LEAD)
    if answer["code"] != "LEAD_CREATED":
        sys.exit(answer["code"])
    print(answer["lead_id"])
