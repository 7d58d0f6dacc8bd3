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
from tests.contracts.lead_ledger_attributes import AttributesContract
from tests.contracts.lead_ledger_chains import ChainsContract
from tests.contracts.lead_ledger_concurrency import ConcurrencyContract
from tests.contracts.lead_ledger_content import ContentContract
from tests.contracts.lead_ledger_filling import FillingContract
from tests.contracts.lead_ledger_holes import HolesContract
from tests.contracts.lead_ledger_idempotency import IdempotencyContract
from tests.contracts.lead_ledger_joining import JoiningContract
from tests.contracts.lead_ledger_links import LinksContract
from tests.contracts.lead_ledger_long_chains import LongChainsContract
from tests.contracts.lead_ledger_numbers import NumbersContract
from tests.contracts.lead_ledger_opening import OpeningContract
from tests.contracts.lead_ledger_persons import PersonsContract
from tests.contracts.lead_ledger_places import PlacesContract
from tests.contracts.lead_ledger_together import TogetherContract
from tests.contracts.lead_ledger_walk import WalkContract
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
