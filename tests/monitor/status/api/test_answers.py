"""How the API answers: conditional requests, reading from other sites, HEAD, problems, the description."""

import datetime as dt
from dataclasses import replace
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from sqlalchemy import text

from config.env import Settings
from crawler.store.session import open_store
from crawler.store.tables import Event
from monitor.clock import FixedClock
from monitor.context import Context
from monitor.status import create_app
from monitor.status.headers import SECURITY
from tests.monitor.status.seed import NOW
from tests.monitor.status.test_routes import ask, at

LISTS = (
    "agencies",
    "coverage",
    "coverage/totals?year=2024",
    "reports",
    "versions",
    "facts?year=2024",
    "changes",
    "findings",
    "events",
    "portals",
    "indicators",
    "problems",
    "agencies/shili-slj",
)
DOCS = Path(__file__).resolve().parents[4] / "docs" / "api.md"


@pytest.mark.parametrize("path", [*(f"/api/v1/{path}" for path in LISTS), "/api/openapi.json"])
def test_what_has_not_changed_is_not_sent_again(seeded: Context, app: FastAPI, path: str) -> None:
    first = ask(app, path)
    etag, modified = first.headers["etag"], first.headers["last-modified"]
    assert etag.startswith('W/"')
    assert first.headers["cache-control"] == "no-cache"
    for headers in ({"If-None-Match": f'"other", {etag}'}, {"If-None-Match": "*"}, {"If-Modified-Since": modified}):
        again = ask(app, path, **headers)
        assert (again.status_code, again.content) == (304, b""), headers
        assert again.headers["etag"] == etag
    before = format_datetime(parsedate_to_datetime(modified) - dt.timedelta(seconds=1), usegmt=True)
    for headers in (
        {"If-None-Match": 'W/"other"'},
        {"If-Modified-Since": before},
        {"If-Modified-Since": "yesterday"},
        {"If-Modified-Since": "Mon, 01 Jan 99999 00:00:00 GMT"},
        {"If-None-Match": '"other"', "If-Modified-Since": modified},  # the tag decides where there is one
    ):
        assert ask(app, path, **headers).status_code == 200, headers
    later = ask(at(seeded, NOW + dt.timedelta(hours=1)), path, **{"If-None-Match": etag})
    assert later.status_code == 304  # the moment alone is no change


def test_days_change_at_midnight(seeded: Context, app: FastAPI) -> None:
    etag = ask(app, "/api/v1/coverage").headers["etag"]
    tomorrow = at(seeded, NOW + dt.timedelta(days=1))
    answer = ask(tomorrow, "/api/v1/coverage", **{"If-None-Match": etag})
    assert answer.status_code == 200
    missing = next(one for one in answer.json()["items"] if one["state"] == "missing")
    assert missing["days_least"] == 49


def test_tags_tell_addresses_apart(app: FastAPI) -> None:
    tags = {ask(app, f"/api/v1/{path}").headers["etag"] for path in (*LISTS, "events?kind=late", "events?limit=7")}
    assert len(tags) == len(LISTS) + 2


def test_what_is_new_is_sent_and_cursors_stay_where_they_were(tmp_path: Path, seeded: Context) -> None:
    sessions = open_store(f"sqlite:///{tmp_path / 'own.db'}", create=True)

    def happened(count: int) -> None:
        with sessions.begin() as session:
            session.add_all(
                Event(at=NOW, kind="late", agency_id="shili-slj", year=2024, details={}) for _ in range(count)
            )

    happened(5)
    app = create_app(seeded.settings, seeded.configuration, sessions, FixedClock(NOW))
    first = ask(app, "/api/v1/events?limit=2")
    assert [one["id"] for one in first.json()["items"]] == [5, 4]
    happened(3)
    tag = {"If-None-Match": first.headers["etag"]}
    assert [one["id"] for one in ask(app, "/api/v1/events?limit=2", **tag).json()["items"]] == [8, 7]
    since = {"If-Modified-Since": first.headers["last-modified"]}
    assert ask(app, "/api/v1/events?limit=2", **since).status_code == 200
    assert [one["id"] for one in ask(app, first.json()["next"]).json()["items"]] == [3, 2]
    assert [one["id"] for one in ask(app, "/api/v1/events?after=5").json()["items"]] == [6, 7, 8]


def test_an_agency_that_came_between_moves_no_page(seeded: Context, app: FastAPI) -> None:
    first = ask(app, "/api/v1/agencies?limit=3").json()
    known = seeded.configuration.agencies
    new = known["shili-slj"].model_copy(update={"id": "shili-aaa", "region_code": "110000"})
    more = create_app(
        seeded.settings,
        replace(seeded.configuration, agencies={new.id: new, **known}),
        seeded.sessions,
        FixedClock(NOW),
    )
    assert ask(more, first["next"]).json()["items"] == ask(app, first["next"]).json()["items"]
    last = first["items"][-1]["id"]
    less = replace(seeded.configuration, agencies={id_: one for id_, one in known.items() if id_ != last})
    gone = create_app(seeded.settings, less, seeded.sessions, FixedClock(NOW))
    assert ask(gone, first["next"]).json()["parameter"] == "cursor"


def test_any_site_may_read_and_nobody_is_logged_in_by_it(app: FastAPI) -> None:
    for path in ("/api/v1/agencies", "/api/v1/agencies?x=1", "/api/nowhere", "/api/openapi.json"):
        headers = ask(app, path, Origin="https://example.org").headers
        assert headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in headers
        assert "ETag" in headers["access-control-expose-headers"]
    preflight = ask(
        app,
        "/api/v1/agencies",
        "OPTIONS",
        **{
            "Origin": "https://example.org",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "if-none-match",
        },
    )
    assert preflight.status_code == 204
    assert "If-None-Match" in preflight.headers["access-control-allow-headers"]
    assert preflight.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert "access-control-allow-origin" not in ask(app, "/").headers


@pytest.mark.parametrize("path", LISTS)
def test_head_has_the_headers_of_get(app: FastAPI, path: str) -> None:
    got, head = ask(app, f"/api/v1/{path}"), ask(app, f"/api/v1/{path}", "HEAD")
    assert head.status_code == 200
    for name in ("etag", "last-modified", "content-type", "access-control-allow-origin"):
        assert head.headers[name] == got.headers[name]


@pytest.mark.parametrize(
    ("path", "status", "parameter"),
    [
        ("agencies?knd=department", 400, "knd"),  # a mistyped filter never gives everything
        ("agencies?kind=DROP", 400, "kind"),
        ("agencies?=true", 400, None),
        ("problems?=true", 400, None),
        ("agencies?kind=", 400, "kind"),
        ("agencies?kind=department&kind=township", 400, "kind"),
        ("agencies?region=99", 400, "region"),
        ("agencies?q=%C2%85", 400, "q"),
        ("agencies?q=%E3%80%80", 400, "q"),
        ("agencies?limit=0", 400, "limit"),
        ("agencies?limit=501", 400, "limit"),
        ("agencies?limit=%2B5", 400, "limit"),
        ("agencies?limit=5.0", 400, "limit"),
        ("agencies?limit=" + "9" * 4000, 400, "limit"),
        ("coverage?from=2024&to=2023", 400, "from"),
        ("coverage?from=%D9%A2%D9%A0%D9%A2%D9%A3", 400, "from"),  # digits of another script
        ("coverage/totals", 400, "year"),
        ("coverage/totals?year=2024&by=mood", 400, "by"),
        ("facts?code=%27%3B--", 400, "code"),
        ("facts?reading=0", 400, "reading"),
        ("reports?template=x", 400, "template"),
        ("versions?report=1", 400, "report"),
        ("events?kind=quiet", 400, "kind"),
        ("events?after=99999999999999999999", 400, "after"),
        ("agencies/shili-slj?year=2024", 400, "year"),
        ("agencies/nobody", 404, None),
        ("agencies/..%2f..%2fetc", 404, None),
        ("reports/1-00000000", 404, None),
        ("reports/99999999999999999999999-00000000", 404, None),
        ("reports/%C2%85", 404, None),
        ("nowhere", 404, None),
    ],
)
def test_problems(app: FastAPI, path: str, status: int, parameter: str | None) -> None:
    answer = ask(app, f"/api/v1/{path}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body.get("parameter") == parameter
    assert " / " in body["title"] and " / " in body["detail"]
    kinds = ask(app, body["type"].partition("#")[0]).json()["items"]
    assert (status, body["type"].partition("#")[2]) in [(kind["status"], kind["id"]) for kind in kinds]
    assert {name: answer.headers[name] for name in SECURITY} == SECURITY


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
def test_only_reading_is_possible(app: FastAPI, method: str) -> None:
    answer = ask(app, "/api/v1/agencies", method)
    assert answer.status_code in (403, 405)  # a POST of nobody's form does not even reach the API
    assert answer.headers["content-type"] == "application/problem+json"
    if answer.status_code == 405:
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_errors_hide_their_details(seeded: Context, tmp_path: Path) -> None:
    sessions = open_store(f"sqlite:///{tmp_path / 'broken.db'}", create=True)
    broken = create_app(Settings(data_dir=tmp_path), seeded.configuration, sessions, FixedClock(NOW))
    with sessions.begin() as session:
        session.execute(text("DROP TABLE event"))
    answer = ask(broken, "/api/v1/events")
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert "event" not in answer.json()["detail"]

    @broken.get("/api/v1/breaks")
    def breaks(request: Request) -> None:
        raise RuntimeError("the secret of the server")

    failed = ask(broken, "/api/v1/breaks")
    assert (failed.status_code, failed.headers["content-type"]) == (500, "application/problem+json")
    assert "secret" not in failed.text
    assert failed.headers["cache-control"] == "no-store"


def test_everything_is_described(app: FastAPI) -> None:
    described = ask(app, "/api/openapi.json").json()
    for path, methods in described["paths"].items():
        assert path.startswith("/api/v1/") or path == "/healthz"
        (operation,) = methods.values()
        assert operation["description"] and "422" not in operation["responses"]
        for parameter in operation.get("parameters", ()):
            assert parameter.get("description") or parameter["schema"].get("description"), (path, parameter["name"])
    shapes = described["components"]["schemas"]
    assert "HTTPValidationError" not in shapes
    bare = [name for name, shape in shapes.items() if not shape.get("description")]
    assert bare == []
    value = shapes["ShownFact"]["properties"]["value"]
    assert {one["type"] for one in value["anyOf"]} == {"string", "null"}
    assert shapes["ShownFact"]["properties"]["state"]


def test_every_path_stands_in_the_docs(app: FastAPI) -> None:
    documented = DOCS.read_text(encoding="utf-8")
    described = ask(app, "/api/openapi.json").json()
    assert [path for path in described["paths"] if f"`{path}`" not in documented] == []
    names = {
        parameter["name"]
        for path, methods in described["paths"].items()
        for parameter in methods["get"].get("parameters", ())
        if parameter["in"] == "query"
    }
    assert [name for name in sorted(names) if f"`{name}`" not in documented] == []
