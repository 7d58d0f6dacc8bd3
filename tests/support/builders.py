"""Domain objects of which a test names only what it is about."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from domain.allowlist import stored_domain
from domain.api_key import ApiKey, digest_of, hint_of, new_key
from domain.capture import Capture
from domain.held import PLAN_LIMIT_REACHED, HeldCall
from domain.identity import Identity
from domain.lead import LeadDetails
from domain.message import Message
from domain.project import Project, new_key_id, new_project_id
from domain.users.session import Session
from domain.users.tokens import digest_of as digest_of_token
from domain.users.tokens import new_token
from domain.users.user import User, new_user_id

NOW = datetime(2026, 11, 23, 12, 0, 0, 123000, tzinfo=UTC)

_numbers = count(1)


def a_project(*domains: str, **fields: Any) -> Project:
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "project_id": new_project_id(),
        "name": f"Project {number}",
        "created_at": NOW,
        "domains": tuple(stored_domain(domain) for domain in domains),
    }
    return Project(**(defaults | fields))


def a_key(project: Project, secret: str | None = None, **fields: Any) -> ApiKey:
    secret = secret or new_key()
    defaults: dict[str, Any] = {
        "key_id": new_key_id(),
        "project_id": project.project_id,
        "digest": digest_of(secret),
        "hint": hint_of(secret),
        "label": "",
        "created_at": NOW,
    }
    return ApiKey(**(defaults | fields))


def a_capture(project: Project, **fields: Any) -> Capture:
    name = f"req_{next(_numbers):032x}"
    defaults: dict[str, Any] = {
        "capture_id": name,
        "project_id": project.project_id,
        "channel": "rest",
        "captured_at": NOW,
        "request_id": name,
        "details": LeadDetails(name=f"Person {name}"),
    }
    return Capture(**(defaults | fields))


def a_held_call(project: Project, **fields: Any) -> HeldCall:
    """Each sorts after those that were made before it."""
    name = f"{next(_numbers):032x}"
    defaults: dict[str, Any] = {
        "held_id": f"held_{name}",
        "project_id": project.project_id,
        "channel": "rest",
        "code": PLAN_LIMIT_REACHED,
        "at": NOW,
        "request_id": f"req_{name}",
        "origin": None,
        "body": "{}",
        "once": f"once {name}",
        "capture": a_capture(project),
    }
    return HeldCall(**(defaults | fields))


def held_calls(project: Project, number: int, code: str) -> list[HeldCall]:
    """So many, which say different things."""
    return [a_held_call(project, code=code) for _ in range(number)]


def a_message(message_id: str | None = None, **fields: Any) -> Message:
    defaults: dict[str, Any] = {
        "message_id": message_id or f"wamid.{next(_numbers)}",
        "type": "text",
        "text": "hello",
        "sent_at": NOW,
        "raw": "{}",
    }
    return Message(**(defaults | fields))


def a_phone(number: str) -> Identity:
    return Identity("phone", number)


def a_user(email: str | None = None, **fields: Any) -> User:
    defaults: dict[str, Any] = {
        "user_id": new_user_id(),
        "email": email or f"user{next(_numbers)}@example.com",
        "admin": False,
        "created_at": NOW,
    }
    return User(**(defaults | fields))


def a_session(user: User, **fields: Any) -> Session:
    defaults: dict[str, Any] = {
        "digest": digest_of_token(new_token()),
        "user_id": user.user_id,
        "created_at": NOW,
        "last_used_at": NOW,
    }
    return Session(**(defaults | fields))
