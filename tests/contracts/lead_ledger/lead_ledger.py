"""
What every `LeadLedger` does.

Subclass `LeadLedgerContract` and provide, over one empty store:

- `ledger`, `archive` and `projects`;
- `other_ledger`, over the same store as another process would have it;
- `make_hole` and `pass_time`, see `tests.contracts.recording`.
"""

import pytest

from application.ports.project_register import ProjectRegister
from domain.project import Project
from tests.contracts.lead_ledger.chains import ChainsContract, LongChainsContract
from tests.contracts.lead_ledger.concurrency import ConcurrencyContract
from tests.contracts.lead_ledger.content import AttributesContract, ContentContract
from tests.contracts.lead_ledger.filling import FillingContract, TogetherContract
from tests.contracts.lead_ledger.idempotency import IdempotencyContract
from tests.contracts.lead_ledger.joining import JoiningContract
from tests.contracts.lead_ledger.links import LinksContract
from tests.contracts.lead_ledger.numbers import NumbersContract
from tests.contracts.lead_ledger.persons import OpeningContract, PersonsContract
from tests.contracts.lead_ledger.places import HolesContract, PlacesContract
from tests.contracts.lead_ledger.walk import WalkContract
from tests.support.builders import a_project


class LeadLedgerContract(
    NumbersContract,
    PlacesContract,
    HolesContract,
    IdempotencyContract,
    PersonsContract,
    JoiningContract,
    ChainsContract,
    LinksContract,
    LongChainsContract,
    FillingContract,
    AttributesContract,
    TogetherContract,
    OpeningContract,
    ContentContract,
    ConcurrencyContract,
    WalkContract,
):
    """The one contract, in parts that a person can read."""

    @pytest.fixture
    async def project(self, projects: ProjectRegister) -> Project:
        project = a_project()
        await projects.add(project)
        return project

    @pytest.fixture
    async def other_project(self, projects: ProjectRegister) -> Project:
        project = a_project()
        await projects.add(project)
        return project
