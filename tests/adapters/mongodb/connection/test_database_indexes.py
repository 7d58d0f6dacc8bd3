"""Indexes that can be sharded by project, and that find what belongs to a person."""

from typing import Any

import pytest

from adapters.mongodb import MongoDatabase

OWN_DATABASE = True


async def test_unique_indexes_of_leads_messages_and_links_can_be_sharded_by_project(
    database: MongoDatabase,
) -> None:
    with database.work() as store:
        for collection in (store.leads, store.messages, store.links):
            indexes = await collection.index_information()
            unique = [index["key"][0][0] for index in indexes.values() if index.get("unique")]
            assert set(unique) == {"project_id"}


@pytest.mark.parametrize(
    ("collection", "index", "query"),
    [
        ("leads", "project_id_1_joined_into_1", {"joined_into": {"$in": [1, 2]}}),
        ("links", "project_id_1_names_1", {"names": {"$in": ["a", "b"]}}),
    ],
)
async def test_what_belongs_to_a_person_is_found_by_an_index(
    database: MongoDatabase, collection: str, index: str, query: dict[str, Any]
) -> None:
    some = [{"project_id": "p", "lead_id": n, "link": n, "names": [f"n{n}"]} for n in range(100)]
    with database.work() as store:
        await getattr(store, collection).insert_many(some)
        plan = await getattr(store, collection).find({"project_id": "p", **query}).explain()

    assert f"'indexName': '{index}'" in str(plan["queryPlanner"]["winningPlan"])
