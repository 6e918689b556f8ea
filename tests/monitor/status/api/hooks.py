"""What no description can say of a good question to the API; loaded by schemathesis (test_schema)."""

from typing import Any

import schemathesis
from schemathesis import Case, GenerationMode, HookContext

YEARS = ("from", "to")


@schemathesis.hook
def before_call(context: HookContext, case: "Case[Any]", kwargs: dict[str, object]) -> None:
    """A cursor is one that a page gave (test_cursors asks with others), and `from` is not after `to`."""
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    case.query.pop("cursor", None)
    years = [str(case.query.get(name, "")) for name in YEARS]
    if all(year.isdigit() for year in years):
        case.query.update(zip(YEARS, sorted(years, key=int), strict=True))
