"""The pages about portals: what cannot be seen, since when and why; one portal with its looks; what is refused."""

import datetime as dt
import re

import pytest
from fastapi import FastAPI

from crawler.store.tables import Finding, Host, Look, Run
from monitor.board import build
from monitor.context import Context
from monitor.status.views import portals
from monitor.status.views.portals import Filter, portal_lines, portal_page, portals_page
from tests.monitor.status.seed import NOW
from tests.monitor.status.test_routes import ask


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_what_cannot_be_seen_stands_first(app: FastAPI) -> None:
    text = plain(ask(app, "/portals").text)
    assert "看不到的网站 2 共 12 个网站" in text
    assert "因此看不到的机关 2 共 12 个被观察机关 · 16.6%" in text
    row = text[text.index("看不到的网站 网站") :]
    assert row.index("模拟网站 示例市新设局") < row.index("各栏目类型")
    assert "政府信息公开年报 ：服务器错误 transport_error" in row
    assert "2025-02-02 03:00 46天前 2025-01-22 03:00 57天前 1 8.3%" in row
    assert "网站持续无法查看" in text and "不涉及任何机关" in text
    assert "模拟网站，仅供演示" in text


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_selections(app: FastAPI, prefix: str) -> None:
    def shown(query: str) -> list[str]:
        html = ask(app, f"{prefix}/portals{query}").text
        return re.findall(rf'href="{prefix}/portals/([\w-]+)"', html[html.index('id="all"') :])

    assert len(shown("")) == 12
    assert set(shown("?sight=blind")) == {"sim-shili-jtj", "sim-shili-xxj"}
    assert len(shown("?family=trs")) == 12
    assert shown("?family=%3Cscript%3E") == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/portals?sight=all", 400),
        ("/portals?page=0", 400),
        ("/portals?page=9999999999999", 400),
        ("/portals?page=x", 400),
        ("/portals?page=2", 404),
        (f"/portals?family={'x' * 101}", 400),
        ("/portals?family=%00", 400),
        ("/portals/nobody", 404),
        ("/portals/..%2f", 404),
    ],
)
def test_what_is_refused(app: FastAPI, path: str, status: int) -> None:
    assert ask(app, path).status_code == status


def test_one_portal(app: FastAPI) -> None:
    html = ask(app, "/portals/sim-shili-jtj").text
    text = plain(html)
    assert "看不到 自2025-02-02 03:00起 46天前" in text
    assert "因此看不到 1 个机关" in text
    assert "HTTP 503" in text and "从未" not in text
    assert 'href="/coverage?portal=sim-shili-jtj"' in html and 'href="/agency/shili-jtj"' in html
    assert 'type="application/atom+xml"' in html
    assert "没有加密例外" in text
    assert "not verified" not in text
    assert "Server error" in plain(ask(app, "/en/portals/sim-shili-jtj").text)


def test_a_portal_with_a_hostile_name(app: FastAPI) -> None:
    html = ask(app, "/portals/sim-shili-hostile").text
    assert '<script>alert("name")' not in html and "&lt;script&gt;" in html


def test_a_look_too_long_ago_is_none(seeded: Context) -> None:
    with seeded.sessions() as session:
        board = build(session, seeded.configuration, NOW)
        later = portal_lines(seeded.configuration, board, NOW + dt.timedelta(days=30))
        now = portal_lines(seeded.configuration, board, NOW)
    assert sum(bool(line.blind) for line in now) == 2
    assert all(line.blind and line.sight == "none" for line in later)
    stale = next(line for line in later if line.slug == "sim-shili-slj")
    assert stale.blind[0].stale and stale.since == stale.healthy_at


def test_robots_hosts_findings_and_pages(seeded: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows beside the seed's, never written: the session is rolled back."""
    slug = "sim-shili-slj"
    with seeded.sessions() as session:
        run = Run(portal=slug, started_at=NOW, outcome="failed", reason="x", simulated=True)
        session.add(run)
        session.flush()
        refused = Look(
            run_id=run.id, portal=slug, column="gone", at=NOW, outcome="denied", reason="robots.txt 不允许访问 /"
        )
        details = {"finding": {"portal": slug, "portal_name": "x", "column_name": "y", "url": "z", "reason": "w"}}
        lost = Finding(
            key=f"portal:{slug}:lost", kind="portal_lost", agency_id="", year=0, opened_at=NOW, details=details
        )
        session.add_all([refused, lost, Host(name="127.0.0.1:9", not_before=NOW, at=NOW)])
        session.flush()
        board = build(session, seeded.configuration, NOW)
        page = portal_page(session, seeded.configuration, board, seeded.configuration.portals[slug], NOW)
        assert [look.reason for look in page.refusals] == ["robots.txt 不允许访问 /"]
        assert page.looks[0] is refused and page.column_name("gone") == "gone"
        assert page.findings == (lost,) and page.runs[0] is run
        assert [host.name for host in page.hosts] == ["127.0.0.1:9"]
        monkeypatch.setattr(portals, "PAGE", 5)
        monkeypatch.setattr(portals, "WORST", 1)
        last = portals_page(session, seeded.configuration, board, Filter(page=3), NOW)
        assert (last.found, last.pages, len(last.lines), len(last.worst)) == (12, 3, 2, 1)
        session.rollback()


def test_a_portal_that_is_switched_off(seeded: Context) -> None:
    configuration = seeded.configuration
    portal = configuration.portals["sim-shili-slj"].model_copy(update={"enabled": False})
    changed = type(configuration)(
        configuration.agencies,
        configuration.portals | {portal.slug: portal},
        configuration.deadlines,
        configuration.alerts,
    )
    with seeded.sessions() as session:
        board = build(session, changed, NOW)
        page = portal_page(session, changed, board, portal, NOW)
        assert page.line is None and page.agencies == () and page.looks
        everything = portals_page(session, changed, board, Filter(), NOW)
    assert everything.portals == 11 and everything.switched_off == (portal,)
