"""How the properties in contracts are tried."""

from functools import partial

from hypothesis import HealthCheck, settings

_settings = partial(
    settings,
    database=None,
    deadline=None,  # a slow machine is no failure
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,  # subjects keep nothing between examples
        HealthCheck.differing_executors,  # a contract runs in many subclasses
        HealthCheck.too_slow,
    ],
)
FEW_EXAMPLES = _settings(max_examples=50)
EXAMPLES = _settings(max_examples=200)
