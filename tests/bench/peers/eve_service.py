"""Eve with one resource, of which anybody may insert an item: `python -m … PORT`."""

import os
import sys

import waitress
from eve import Eve

THREADS = 16
"""With 4 or 64 of them it is slower, and so it is on gunicorn."""
STRING = {"type": "string"}
OBJECT = {"type": "dict", "allow_unknown": True}

app = Eve(
    settings={
        "MONGO_URI": os.environ["MONGODB_URL"],
        "DOMAIN": {
            "leads": {
                "resource_methods": ["POST"],
                # Eve passes on this alone; in a replica set a majority has it in the journal.
                "mongo_write_concern": {"w": "majority"},
                "schema": {
                    "name": STRING,
                    "email": STRING,
                    "phone": STRING,
                    "source_url": STRING,
                    "referrer": STRING,
                    "attributes": OBJECT,
                    "utm": OBJECT,
                    "page_trail": {"type": "list", "schema": STRING},
                },
            }
        },
    }
)

if __name__ == "__main__":
    waitress.serve(app, host="127.0.0.1", port=int(sys.argv[1]), threads=THREADS)
