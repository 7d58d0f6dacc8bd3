"""requests, given the body as a generator, sends it in chunks and without a Content-Type."""

import sys

import requests

url, key, body = sys.argv[1:]
answer = requests.post(
    url, data=(part.encode() for part in body), headers={"X-Api-Key": key}, timeout=20
)
print(answer.text)
