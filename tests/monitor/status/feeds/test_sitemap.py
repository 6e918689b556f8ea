"""Sitemaps and robots.txt: every page that is watched, none twice, never too many; and what crawlers are kept off."""

from urllib.robotparser import RobotFileParser

import pytest
from fastapi import FastAPI
from lxml import etree

from monitor.context import Context
from monitor.status.feeds import sitemap
from monitor.status.site import NAVIGATION
from tests.monitor.status.seed import UNWATCHED_REAL
from tests.monitor.status.test_routes import ask

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
OURS = "http://127.0.0.1:8600"


def locations(app: FastAPI, path: str) -> list[str]:
    answer = ask(app, path)
    assert answer.status_code == 200, path
    assert answer.headers["content-type"].startswith("application/xml")
    return [node.text or "" for node in etree.fromstring(answer.content).iter(f"{MAP}loc")]


def everything(app: FastAPI) -> list[list[str]]:
    return [locations(app, address.removeprefix(OURS)) for address in locations(app, "/sitemap.xml")]


def test_every_page_once_in_each_language(app: FastAPI) -> None:
    pages, agencies = everything(app)
    assert pages == [f"{OURS}{prefix}{path}" for _, path in NAVIGATION for prefix in ("", "/en")]
    assert len(set(agencies)) == len(agencies)
    assert f"{OURS}/agency/shili-slj" in agencies and f"{OURS}/en/agency/shili-slj/2024" in agencies
    assert f"{OURS}/agency/shili-whj/2024" not in agencies  # nothing was seen of it
    assert not [address for address in agencies if UNWATCHED_REAL in address or "shili-xxzx" in address]
    for path in ("/", "/en/method", "/portals", "/jobs", "/en/agency/shili-slj"):
        assert f"{OURS}{path}" in (*pages, *agencies)
        assert ask(app, path).status_code == 200


def test_languages_name_each_other(app: FastAPI) -> None:
    root = etree.fromstring(ask(app, "/sitemaps/0.xml").content)
    for url in root.iter(f"{MAP}url"):
        beside = {link.get("hreflang"): link.get("href") for link in url.iter(LINK)}
        assert set(beside) == {"zh-CN", "en"} and url.findtext(f"{MAP}loc") in beside.values()


def test_when_a_report_changed_is_said_where_it_is_known(app: FastAPI) -> None:
    root = etree.fromstring(ask(app, "/sitemaps/0.xml").content)
    found = {url.findtext(f"{MAP}loc"): url.findtext(f"{MAP}lastmod") for url in root.iter(f"{MAP}url")}
    assert found[f"{OURS}/agency/shili-slj/2024"] == "2025-02-11"
    assert found[f"{OURS}/agency/shili-mzj/2024"] is None  # its numbers changed later
    assert found[f"{OURS}/agency/shili-slj"] is None


def test_no_sitemap_is_too_long(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sorted(everything(app)[1])
    monkeypatch.setattr(sitemap, "MOST", 20)
    _, *parts = everything(app)
    assert len(parts) == 7  # two of fourteen agencies in each, with three years in two languages
    assert all(len(part) <= 20 for part in parts)
    assert sorted(address for part in parts for address in part) == whole


@pytest.mark.parametrize("name", ["99", "-1", "00", "x", "pages2"])
def test_no_other_sitemap(app: FastAPI, name: str) -> None:
    assert ask(app, f"/sitemaps/{name}.xml").status_code == 404


@pytest.mark.parametrize("path", ["/sitemap.xml", "/sitemaps/pages.xml", "/sitemaps/0.xml", "/robots.txt"])
def test_who_has_it_is_sent_nothing(app: FastAPI, path: str) -> None:
    answer = ask(app, path, host="evil.example")
    assert "evil.example" not in answer.text
    assert ask(app, path, **{"if-none-match": answer.headers["etag"]}).status_code == 304


def test_what_crawlers_are_kept_off(app: FastAPI, seeded: Context) -> None:
    text = ask(app, "/robots.txt").text
    assert f"Sitemap: {OURS}/sitemap.xml" in text
    rules = RobotFileParser()
    rules.parse(text.splitlines())
    for path in ("/act/ack", "/login", "/en/login", "/account", "/archive/0", "/evidence/a/2024.zip"):
        assert not rules.can_fetch("any", f"{OURS}{path}"), path
    for path in ("/", "/en/", "/coverage", "/agency/shili-slj", "/static/page.css", "/feeds/late.atom", "/method"):
        assert rules.can_fetch("any", f"{OURS}{path}"), path
    # RobotFileParser knows no *; RFC 9309 does, and takes the longest rule.
    assert "Disallow: /*?" in text.splitlines() and "Allow: /static/" in text.splitlines()
