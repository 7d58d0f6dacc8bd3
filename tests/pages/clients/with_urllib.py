"""urllib, given the body as bytes: it says that this is a form."""

import sys
from urllib.request import Request, urlopen

url, key, body = sys.argv[1:]
print(urlopen(Request(url, body.encode(), {"X-Api-Key": key})).read().decode())
