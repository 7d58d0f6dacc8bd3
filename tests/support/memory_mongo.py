"""
MongoDB's unique indexes in memory, for as much of it as the ledger uses.

A model to walk over in thousands of steps; what it says is checked against a real server by
running the same walk there.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from pymongo.errors import BulkWriteError
from pymongo.results import BulkWriteResult

from adapters.mongodb.connection.collections import Collections

Document = dict[str, Any]
UNIQUE: Mapping[str, Sequence[tuple[str, ...]]] = {
    "leads": (
        ("_id",),
        ("project_id", "lead_id"),
        ("project_id", "month", "place"),
        ("project_id", "idempotency_key"),
        ("project_id", "names"),
    ),
    "messages": (("project_id", "channel", "message_id"),),
    "links": (("project_id", "link"),),
    "hints": (("_id",),),
}


class MemoryCollection:
    """A list of documents, and what is unique in it."""

    def __init__(self, unique: Sequence[tuple[str, ...]]) -> None:
        self.documents: list[Document] = []
        self._unique = unique

    async def find_one(
        self, wanted: Document, _fields: Any = None, sort: Sequence[tuple[str, int]] = ()
    ) -> Document | None:
        found = self._matching(wanted)
        for field, direction in sort:
            found.sort(key=lambda document: document[field], reverse=direction < 0)
        return dict(found[0]) if found else None

    def find(self, wanted: Document, _fields: Any = None) -> "MemoryCursor":
        return MemoryCursor(lambda: self._matching(wanted))

    async def count_documents(self, wanted: Document) -> int:
        return len(self._matching(wanted))

    async def insert_many(self, documents: Sequence[Document], *, ordered: bool) -> None:
        errors = []
        for index, document in enumerate(documents):
            if met := self._met(document):
                errors.append({"index": index, "code": 11000, "keyPattern": dict.fromkeys(met, 1)})
            else:
                self.documents.append(deepcopy(document))
        if errors:
            raise BulkWriteError({"writeErrors": errors, "writeConcernErrors": []})

    async def bulk_write(self, updates: Sequence[Any], *, ordered: bool) -> BulkWriteResult:
        errors = []
        matched = 0
        for index, update in enumerate(updates):
            for document in self._matching(update._filter):
                if met := self._changed(document, update._doc):
                    pattern = dict.fromkeys(met, 1)
                    errors.append({"index": index, "code": 11000, "keyPattern": pattern})
                else:
                    matched += 1
        result = {"writeErrors": errors, "writeConcernErrors": [], "nMatched": matched}
        if errors:
            raise BulkWriteError(result)
        return BulkWriteResult(result, acknowledged=True)

    def _changed(self, document: Document, change: Document) -> tuple[str, ...] | None:
        """Change *document*, or say which unique index is in the way."""
        for field, value in change.get("$addToSet", {}).items():
            added = {"project_id": document["project_id"], field: [value]}
            if met := self._met(added, document):
                return met
            values = document.setdefault(field, [])
            values += [] if value in values else [value]
        for field, value in change.get("$push", {}).items():
            document.setdefault(field, []).append(value)
        document.update(change.get("$set", {}))
        for field in change.get("$unset", {}):
            document.pop(field, None)
        for field, count in change.get("$inc", {}).items():
            document[field] = document.get(field, 0) + count
        return None

    async def find_one_and_update(
        self, wanted: Document, pipeline: Any, **_options: Any
    ) -> Document:
        """The one pipeline that there is: a range of a hint."""
        (at_least, count) = (pipeline[0]["$set"]["next"]["$add"][i] for i in (0, 1))
        found = self._matching(wanted)
        if not found:
            self.documents.append(found_one := dict(wanted))
            found = [found_one]
        found[0]["next"] = max(found[0].get("next", 0), at_least["$max"][1]) + count
        return dict(found[0])

    def _matching(self, wanted: Document) -> list[Document]:
        return [document for document in self.documents if _matches(document, wanted)]

    def _met(self, document: Document, itself: Document | None = None) -> tuple[str, ...] | None:
        for fields in self._unique:
            if all(field in document for field in fields) and any(
                other is not itself and all(_shares(document, other, field) for field in fields)
                for other in self.documents
            ):
                return fields
        return None


class MemoryCursor:
    """What `find` gives: a query that is asked when it is read."""

    def __init__(self, ask: Callable[[], list[Document]]) -> None:
        self._ask = ask

    def sort(self, _field: str, _direction: int) -> "MemoryCursor":
        return self

    async def to_list(self, _length: None) -> list[Document]:
        return [deepcopy(document) for document in self._ask()]


def memory_store() -> Collections:
    """Collections of an empty store."""
    leads = MemoryCollection(UNIQUE["leads"])
    messages, links, hints = (
        MemoryCollection(UNIQUE[name]) for name in ("messages", "links", "hints")
    )
    used = {
        "leads": leads,
        "messages": messages,
        "links": links,
        "latest_leads": leads,
        "hints": hints,
    }
    return Collections(
        **{field.name: used.get(field.name) for field in dataclasses.fields(Collections)}
    )


def _shares(document: Document, other: Document, field: str) -> bool:
    if field == "names":
        return not set(document["names"]).isdisjoint(other.get("names", ()))
    return field in other and bool(document[field] == other[field])


def _matches(document: Document, wanted: Document) -> bool:
    for field, condition in wanted.items():
        if field == "$or":
            if not any(_matches(document, one) for one in condition):
                return False
        elif not _is(_at(document, field), condition):
            return False
    return True


def _at(document: Document, field: str) -> Any:
    """The value in *field*, a path with dots; None where there is none."""
    value: Any = document
    for part in field.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _is(value: Any, condition: Any) -> bool:
    if not isinstance(condition, Mapping):
        return bool(value == condition)
    if "$exists" in condition:
        return condition["$exists"] is (value is not None)
    if value is None:
        return False
    if "$size" in condition:
        return len(value) == int(condition["$size"])
    if "$in" in condition:
        values = value if isinstance(value, list) else [value]
        return not set(values).isdisjoint(condition["$in"])
    return bool(condition.get("$gte", value) <= value <= condition.get("$lte", value))
