import pytest

from adapters.internet import PublishedAddressSyntax
from tests.contracts.address_syntax import AddressSyntaxContract


class TestPublishedInternetNames(AddressSyntaxContract):
    @pytest.fixture
    def names(self) -> PublishedAddressSyntax:
        return PublishedAddressSyntax()
