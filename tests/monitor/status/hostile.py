"""What an attacker would try, and every place of the application in which it can be tried: found in the application itself.

A new route, a new parameter of the API's description, a new field of a form and a new key that a page asks for are found
without being named here.
"""

import re
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.datastructures import QueryParams

MARK = "<script>alert(1)</script>"
STRINGS: dict[str, str] = {
    "markup": f"'\"><img src=x onerror=alert(1)>{MARK}",
    "template": "xx{{7*7}}${7*7}yy",
    "header": "x\r\nX-Injected: yes\r\n\r\n<p>",
    "traversal": "../../../../../../etc/passwd",
    "formula": "=cmd|' /C calc'!A0",
    "direction": "a\u202egnp.exe\u2066\ufeff",
    "query": "' OR 1=1; DROP TABLE act; --",
    "number": "9" * 40,
    "minus": "-1",
    "long": "字" * 600,
    "nothing": "",
}
REFUSED_AT_THE_GATE: dict[str, str] = {
    "nul": "a\x00b",
    "overlong": "%C0%AE%C0%AE/",
    "not UTF-8": "%FF%FE",
    "huge": "x" * 9000,
}
# What a place of an address holds in the seeded store, by the name that the route gives it; anything else gets "1".
PLACES: dict[str, str] = {
    "agency_id": "shili-mzj",
    "id": "shili-mzj",
    "year": "2024",
    "language": "zh",
    "slug": "sim-shili-mzj",
}


@dataclass(frozen=True)
class Route:
    """A path with {places}, and a method."""

    method: str
    path: str

    @property
    def places(self) -> list[str]:
        return re.findall(r"{(\w+)(?::\w+)?}", self.path)

    def address(self, values: Mapping[str, str]) -> str:
        return re.sub(r"{(\w+)(?::\w+)?}", lambda found: values.get(found[1], PLACES.get(found[1], "1")), self.path)


def routes(app: FastAPI) -> list[Route]:
    """Everything that the application answers to; OPTIONS and HEAD go where GET goes."""
    found = {
        Route(method, context.path)
        for context in iter_route_contexts(app.routes)
        for method in (context.methods or {"GET"}) - {"HEAD", "OPTIONS"}
        if context.path is not None
    }
    return sorted(found, key=lambda route: (route.path, route.method))


def described(app: FastAPI) -> dict[str, set[str]]:
    """Path → the names of the query parameters that the description of the API knows."""
    found: dict[str, set[str]] = {}
    for path, operations in app.openapi()["paths"].items():
        for operation in operations.values():
            names = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"}
            found.setdefault(path, set()).update(names)
    return found


@contextmanager
def listening(patch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The names that a route asks for in its query, while it is being asked; also those that were not given."""
    asked: set[str] = set()

    def hear(method: str) -> None:
        real = getattr(QueryParams, method)

        def heard(self: QueryParams, key: str, *rest: Any) -> Any:
            asked.add(key)
            return real(self, key, *rest)

        patch.setattr(QueryParams, method, heard)

    with patch.context() as patch:
        for method in ("get", "getlist", "__getitem__", "__contains__"):
            hear(method)
        yield asked


def fields_of_forms(html: str) -> MutableMapping[str, dict[str, str]]:
    """Address → the fields of the forms that are sent there, with what the page has filled in."""
    found: dict[str, dict[str, str]] = {}
    for form in BeautifulSoup(html, "lxml").select("form[method=post]"):
        fields = found.setdefault(str(form.get("action", "")), {})
        for one in form.select("[name]"):
            chosen = one.select_one("option[value]") if one.name == "select" else one
            fields[str(one["name"])] = str(chosen.get("value", "") if chosen else "")
    return found


def names_in(html: str, address: str) -> set[str]:
    """The names of queries in the links by which a page leads to itself, and of the fields of its forms that only read."""
    page = BeautifulSoup(html, "lxml")
    own = [str(link["href"]) for link in page.select("a[href]") if str(link["href"]).partition("?")[0] in ("", address)]
    linked = {name for href in own for name in re.findall(r"[?&](\w+)=", href)}
    return linked | {str(one["name"]) for one in page.select("form[method=get] [name]")}
