import pytest

# The contracts' asserts explain themselves as those of collected modules do.
pytest.register_assert_rewrite("tests.contracts")
