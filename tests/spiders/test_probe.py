"""`python -m scrapy probe` at every simulated family, from its home page: its family, its column, what it would list."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from crawler.commands.probe import portal_of
from crawler.errors import CrawlError
from spiders import FAMILIES
from tests.portals import ROBOTS, Kind, SimulatedPortals, Site, World, families
from tests.spiders.rawserver import html, raw_server
from tests.spiders.visiting import ROOT, Workshop
from tests.spiders.worlds import DAY, column

NUMBERED = ("hanweb", "gkmlpt", "lonsun")  # their columns are numbers
BODY = "".join(
    f"<h3>{number}</h3><p>示例市第1局的虚构正文。</p>" * 5
    for number in (
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、行政复议、行政诉讼情况",
    )
)


def site(family: str, **options: str | int | bool) -> Site:
    plain = column("123" if family in NUMBERED else "zwgk/zfxxgknb")
    return Site("probed", "示例市人民政府", family, "9900000001", (replace(plain, options=options),), invented=True)


def ask(workshop: Workshop, url: str, *, code: int = 0) -> Mapping[str, Any]:
    done = subprocess.run(
        [*workshop.command("2024-01-25T09:00+08:00")[:3], "probe", url, "--at", "2024-01-25T09:00+08:00"],
        env=workshop.process_environment(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    if code:
        return {"error": done.stderr}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.integration
@pytest.mark.parametrize("family", sorted(families.FAMILIES))
def test_every_family_from_its_home_page(workshop: Workshop, family: str) -> None:
    with SimulatedPortals(World((site(family),)), DAY) as portals:
        portal = portals["probed"]
        found = ask(workshop, f"{portal.url}/")
        asked = portal.requests
        assert found["family"] == (family if family in FAMILIES else family.partition("_")[0])
        assert found["site"] == {"name": "示例市人民政府", "id_code": "9900000001"}
        (only,) = found["columns"]
        assert only["url"] == portal.column_url()
        assert (only["name"], only["holds"], only["branches"]) == ("政府信息公开年报", "list", [])
        # A list of a few days may be one of the last six months.
        assert only["outcome"] == ("incomplete" if family == "jpaas" else "healthy"), only["reason"]
        assert [entry["verdict"] for entry in only["entries"]].count("report") == 12
        assert {entry["date"] for entry in only["entries"]} >= {"2024-01-01", "2024-01-12"}
        assert len(only["evidence"]) >= 2 or family == "gkmlpt"
        if family != "general":  # of which nothing is a sign
            assert any(sign["family"] == found["family"] and sign["points"] >= 4 for sign in found["signs"])
        # Politely: robots.txt first, one at a time, no page of an entry, nothing twice but what the list itself asks for.
        assert asked[0].path == "/robots.txt"
        assert max(request.concurrent for request in asked) == 1
        assert len(asked) == found["requests"] <= 10
    assert not (workshop.folder / "var" / "archive").exists()
    assert workshop.runs("probe") == []


@pytest.mark.integration
def test_a_column_that_is_given_itself_and_its_yearly_sub_columns(workshop: Workshop) -> None:
    with SimulatedPortals(World((site("trs", years=True),)), DAY) as portals:
        found = ask(workshop, portals["probed"].column_url())
        (only,) = found["columns"]
        assert only["branches"] == ["years"]
        assert only["outcome"] == "healthy", only["reason"]
        assert len(only["entries"]) == 14


@pytest.mark.integration
def test_columns_without_a_list(workshop: Workshop) -> None:
    """The column is the newest report, or holds one for each year behind a parameter."""
    sites = []
    for slug, holds in (("article", "article"), ("years", "years")):
        one = site("hanweb", holds=holds)
        articles = tuple(replace(article, body=BODY) for article in one.columns[0].articles[:3])
        sites.append(replace(one, slug=slug, columns=(replace(one.columns[0], articles=articles),)))
    with SimulatedPortals(World(tuple(sites)), DAY) as portals:
        (article,) = ask(workshop, portals["article"].column_url())["columns"]
        assert (article["holds"], article["outcome"], len(article["entries"])) == ("article", "healthy", 1)
        address = portals["years"].column_url()
        assert "{year}" in address
        (years,) = ask(workshop, address.replace("{year}", "2023"))["columns"]
        assert (years["holds"], years["url"], years["outcome"]) == ("years", address, "healthy")
        assert years["entries"]


@pytest.mark.integration
def test_what_cannot_be_seen_is_said(workshop: Workshop) -> None:
    with SimulatedPortals(World((site("trs"),)), DAY) as portals:
        portal = portals["probed"]
        portal.robots = ROBOTS["disallow"]
        found = ask(workshop, f"{portal.url}/")
        assert (found["page"]["outcome"], found["columns"]) == ("denied", [])
        assert [request.path for request in portal.requests] == ["/robots.txt"]
        portal.robots = ROBOTS["allow"]
        portal.misbehave(Kind.CHALLENGE_521, portal.column_url().removeprefix(portal.url))
        (only,) = ask(workshop, f"{portal.url}/")["columns"]
        assert (only["outcome"], only["entries"]) == ("challenge", [])


@pytest.mark.integration
def test_other_reports_and_other_hosts_are_left_alone(workshop: Workshop) -> None:
    links = "".join(
        f'<li><a href="{href}">{text}</a></li>'
        for href, text in (
            ("/fz/", "法治政府建设年度报告"),
            ("/wz/", "政府网站年度报告"),
            ("http://127.0.0.1:9/nb/", "政府信息公开年报"),
            ("/a.html", "示例市教育局2023年政府信息公开工作年度报告"),
            ("javascript:go()", "信息公开年报"),
        )
    )
    with raw_server() as server:
        server.answers["/"] = html(
            f"<h1>示例市人民政府</h1><p>这是一个虚构的网站首页，供测试使用，不属于任何机关。</p><ul>{links}</ul>"
        )
        found = ask(workshop, f"{server.url}/")
        assert found["columns"] == []
        assert server.paths == ["/robots.txt", "/"]


@pytest.mark.integration
def test_a_real_host_needs_a_contact(workshop: Workshop) -> None:
    assert "GONGKAI_CONTACT" in ask(workshop, "https://www.example.org/", code=2)["error"]


@pytest.mark.parametrize(
    "url", ["ftp://example.org/", "www.example.org", "http://", "http://a@b.example.org/", "http://[x"]
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(CrawlError):
        portal_of(url)


def test_one_host_and_few_requests() -> None:
    portal = portal_of("https://www.example.org:8443/a/")
    assert portal.hosts == ("www.example.org:8443",)
    assert portal.delay >= 2
    assert portal.max_pages <= 60
    assert portal_of("http://127.0.0.1:1/").delay == 0
