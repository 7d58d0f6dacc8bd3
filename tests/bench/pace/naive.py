"""
The service that most would write first: FastAPI, Motor, counters in Redis, an insert for each lead.

It promises less than ours: a lead that is counted and not inserted is lost, and sending again makes
a second one. What it writes is as durable (majority, journal).
"""

import os
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import uvicorn
from fastapi import FastAPI, Header, HTTPException
from motor.motor_asyncio import AsyncIOMotorClient
from pydantic import BaseModel, EmailStr
from pymongo import WriteConcern
from redis.asyncio import Redis

MONTHLY_LIMIT = RATE_A_MINUTE = 10**9


class Lead(BaseModel):
    """What a page sends."""

    name: str | None = None
    email: EmailStr | None = None
    phone: str | None = None
    attributes: dict[str, Any] = {}
    source_url: str | None = None
    referrer: str | None = None
    utm: dict[str, str] = {}
    page_trail: list[str] = []


class Stores:
    """The two servers."""

    def __init__(self) -> None:
        database = AsyncIOMotorClient(os.environ["MONGODB_URL"]).get_database("naive")
        self.projects = database.projects
        self.leads = database.get_collection(
            "leads", write_concern=WriteConcern("majority", j=True)
        )
        self.redis = Redis.from_url(os.environ["REDIS_URL"])

    async def prepare(self) -> None:
        project = {"_id": "p", "key": os.environ["API_KEY"], "domains": ["https://example.com"]}
        await self.projects.replace_one({"_id": "p"}, project, upsert=True)
        await self.projects.create_index("key")

    async def refuse_beyond(self, counter: str, limit: int) -> None:
        if await self.redis.incr(counter) > limit:
            raise HTTPException(429)


stores: Stores


@asynccontextmanager
async def lifespan(_app: FastAPI) -> Any:
    global stores  # noqa: PLW0603  made in the loop that it serves
    stores = Stores()
    await stores.prepare()
    yield


app = FastAPI(lifespan=lifespan)


@app.post("/api/public/lead", status_code=201)
async def lead(
    lead: Lead, x_api_key: Annotated[str, Header()], origin: Annotated[str, Header()]
) -> dict[str, Any]:
    """Judge the key, the page, the rate and the plan, and insert."""
    project = await stores.projects.find_one({"key": x_api_key})
    if project is None or origin not in project["domains"]:
        raise HTTPException(403)
    now = datetime.now(UTC)
    await stores.refuse_beyond(f"rate:{now:%Y-%m-%dT%H:%M}", RATE_A_MINUTE)
    await stores.refuse_beyond(f"plan:{now:%Y-%m}", MONTHLY_LIMIT)
    kept = {"project_id": project["_id"], "captured_at": now, **lead.model_dump()}
    made = await stores.leads.insert_one(kept)
    return {"code": "LEAD_CREATED", "lead_id": str(made.inserted_id)}


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=False, log_level="warning")
