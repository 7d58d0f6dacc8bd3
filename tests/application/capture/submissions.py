"""Calls to the lead path."""

from itertools import count
from typing import Any

from application.capture.capture_lead import Submission
from domain.json_value import JsonObject
from domain.project import Project

ADA: JsonObject = {"name": " Ada ", "email": "ada@example.com", "shoe_size": "ACME"}

_numbers = count(1)


def a_call(project: Project, body: JsonObject = ADA, **fields: Any) -> Submission:
    request_id = f"req_{next(_numbers)}"
    defaults = {"project_id": project.project_id, "request_id": request_id, "body": body}
    return Submission(**(defaults | fields))
