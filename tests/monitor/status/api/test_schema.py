"""schemathesis over the description, against a really served application: no 5xx, nothing that is not described.

API_EXAMPLES: how many questions for each address (few in the suite; ask for thousands by hand).
"""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case, GenerationMode, HookContext
from schemathesis.schemas import BaseSchema

EXAMPLES = int(os.environ.get("API_EXAMPLES", "8"))
YEARS = ("from", "to")

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def described(origin: str) -> BaseSchema:
    return schemathesis.openapi.from_url(f"{origin}/api/openapi.json")


schema = schemathesis.pytest.from_fixture("described")


@schemathesis.hook
def before_call(context: HookContext, case: Case, _kwargs: dict[str, object]) -> None:
    """What no description can say of a good question: a cursor is one of ours (test_cursors), `from` is not after `to`."""
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    case.query.pop("cursor", None)
    if all(isinstance(case.query.get(name), int) for name in YEARS):
        case.query["from"], case.query["to"] = sorted(case.query[name] for name in YEARS)


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_described(case: Case) -> None:
    case.call_and_validate()
