import pytest

# Its asserts explain themselves as those of collected modules do.
pytest.register_assert_rewrite("tests.domain.lead_body.bodies")
