import pytest

from adapters.internet import PublishedInternetNames
from tests.contracts.internet_names import InternetNamesContract


class TestPublishedInternetNames(InternetNamesContract):
    @pytest.fixture
    def names(self) -> PublishedInternetNames:
        return PublishedInternetNames()
