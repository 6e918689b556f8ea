"""What no description can say of a good question to the API; loaded by schemathesis (test_schema)."""

import schemathesis
from schemathesis import Case, GenerationMode, HookContext

YEARS = ("from", "to")


@schemathesis.hook
def before_call(context: HookContext, case: Case, kwargs: dict[str, object]) -> None:
    """A cursor is one that a page gave (test_cursors asks with others), and `from` is not after `to`."""
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    case.query.pop("cursor", None)
    if all(isinstance(case.query.get(name), int) for name in YEARS):
        case.query["from"], case.query["to"] = sorted(case.query[name] for name in YEARS)
