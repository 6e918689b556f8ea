"""The routes: what is answered to whom, with which headers, and what hostile texts become."""

import asyncio
import datetime as dt
import re
from pathlib import Path

import httpx
import pytest
from bs4 import BeautifulSoup
from fastapi import FastAPI, Request
from sqlalchemy import text

from config.env import Settings
from crawler.store.session import head, open_store
from monitor.clock import FixedClock
from monitor.context import Context
from monitor.status import create_app
from monitor.status.headers import SECURITY
from monitor.status.site import static_addresses
from tests.monitor.status.seed import NOW, UNWATCHED_REAL

AGENCY_PAGES = ("/agency/shili-sjj", "/agency/shili-jyj", "/agency/shili-hostile", f"/agency/{UNWATCHED_REAL}")


def ask(app: FastAPI, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://page.test") as client:
            return await client.request(method, path, headers=headers)

    return asyncio.run(send())


def at(seeded: Context, moment: dt.datetime) -> FastAPI:
    return create_app(seeded.settings, seeded.configuration, seeded.sessions, FixedClock(moment))


@pytest.mark.parametrize("path", ["/", "/coverage", "/late", *AGENCY_PAGES])
@pytest.mark.parametrize(("prefix", "language"), [("", "zh-CN"), ("/en", "en")])
def test_pages_in_both_languages(app: FastAPI, path: str, prefix: str, language: str) -> None:
    answer = ask(app, prefix + path)
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    assert f'hreflang="en" href="/en{path}"' in answer.text
    assert f'hreflang="zh-CN" href="{path}"' in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/coverage",
        "/late",
        "/nowhere",
        "/?kind=x",
        "/api/v1/coverage",
        "/api/nowhere",
        "/healthz",
        "/static/page.css",
    ],
)
def test_every_answer_is_locked_down(app: FastAPI, path: str) -> None:
    headers = ask(app, path).headers
    assert {name: headers[name] for name in SECURITY} == SECURITY
    assert "unsafe" not in headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/", "/nowhere", *AGENCY_PAGES])
def test_nothing_inline_and_nothing_from_elsewhere(app: FastAPI, path: str) -> None:
    page = BeautifulSoup(ask(app, path).text, "lxml")
    assert page.find_all("style") == []
    assert [
        tag for tag in page.find_all(True) if "style" in tag.attrs or any(name[:2] == "on" for name in tag.attrs)
    ] == []
    loaded = [
        tag.get("src") or tag.get("href") for tag in page.select("script, img, link[rel~=stylesheet], link[rel~=icon]")
    ]
    assert len(loaded) >= 4
    assert all(str(address).startswith("/static/") for address in loaded)


def test_every_state_is_told_by_word_and_days(app: FastAPI) -> None:
    html = ask(app, "/coverage").text
    matrix = re.sub(r"<[^>]+>", "", html[html.index('<table class="matrix">') : html.index("</table>")])
    for word in ("按期", "未到期", "已撤下", "无法判断", "不观察", "数字有改动", "勾稽不符"):
        assert word in matrix, word
    for words in ("逾期公布迟4至11天", "未见公布已逾48天", "将到期还有11天"):
        assert words in re.sub(r"\s", "", matrix), words


def test_days_follow_the_clock(seeded: Context) -> None:
    assert "已逾49天" in re.sub(r"\s", "", ask(at(seeded, NOW + dt.timedelta(days=1)), "/coverage").text)


def test_invented_offices_say_so_and_real_ones_are_not_judged(app: FastAPI) -> None:
    rows = re.findall(r'<th scope="row" class="name">(.*?)</tr>', ask(app, "/coverage").text, re.S)
    assert len(rows) == 14
    for row in rows:
        assert ("虚构" in row) is ("示例" in row)
        if "示例" not in row:
            assert row.count("不观察") == 3
    assert "并不存在" in ask(app, "/agency/shili-slj").text
    assert "it does not exist" in ask(app, "/en/agency/shili-slj").text


def test_simulated_data_is_marked(app: FastAPI) -> None:
    assert "模拟网站，仅供演示" in ask(app, "/").text
    assert "模拟网站，仅供演示" in ask(app, "/agency/shili-slj").text
    assert "模拟网站，仅供演示" not in ask(app, f"/agency/{UNWATCHED_REAL}").text


def test_filters_select_and_stay_in_the_form(app: FastAPI) -> None:
    html = ask(app, "/coverage?q=示例统计&state=on_time&from=2023&to=2024").text
    matrix = html[html.index('<table class="matrix">') : html.index("</table>")]
    assert re.findall(r'href="/agency/([\w-]+)"', matrix) == ["shili-tjj"]
    assert re.findall(r'<th scope="col">(\d+)年度', matrix) == ["2024", "2023"]
    assert '<option value="on_time" selected>' in html
    assert 'href="/en/coverage?q=' in html


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/coverage?q=&region=990100&own=&kind=&page=1", "/coverage?region=990100"),
        ("/en/coverage?page=1&sort=region", "/en/coverage"),
        ("/late?sort=days&year=2024&from=2020", "/late?year=2024"),
        ("/?state=late&year=2024", "/?year=2024"),
    ],
)
def test_a_form_sent_without_scripts_leads_to_the_one_address_of_the_view(
    app: FastAPI, path: str, address: str
) -> None:
    answer = ask(app, path)
    assert (answer.status_code, answer.headers["location"]) == (302, address)
    assert ask(app, address).status_code == 200


def test_a_state_is_searched_in_the_years_that_are_shown(app: FastAPI) -> None:
    row = 'href="/agency/shili-hostile"'
    assert row in ask(app, "/coverage?state=missing").text
    assert row not in ask(app, "/coverage?state=missing&from=2024").text


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/coverage?state=guilty", 400, "筛选条件无效"),
        ("/en/?page=zero", 400, "Parameter: page"),
        ("/coverage?page=2", 404, "没有这个页面"),
        ("/late?page=2", 404, "没有这个页面"),
        ("/late?year=2021", 404, "没有这个页面"),
        ("/?year=2021", 404, "没有这个页面"),
        ("/agency/nobody", 404, "没有这个页面"),
        ("/en/agency/../../etc/passwd", 404, "没有这个页面"),
        ("/en/agency/%2e%2e%2f", 404, "There is no such page"),
        ("/en/nowhere/at/all", 404, "There is no such page"),
        ("/static/../site.py", 404, "没有这个页面"),
    ],
)
def test_what_is_not_there(app: FastAPI, path: str, status: int, words: str) -> None:
    answer = ask(app, path)
    assert answer.status_code == status
    assert words in answer.text


@pytest.mark.parametrize("path", ["//evil.example/agency/x", "/en//evil.example", "/%5cevil.example"])
def test_the_language_switch_never_leaves_our_address(app: FastAPI, path: str) -> None:
    for address in re.findall(r'hreflang="[^"]+" href="([^"]+)"', ask(app, path).text):
        assert re.match(r"/(?![/\\])", address), address


def test_hostile_texts_are_escaped(app: FastAPI) -> None:
    paths = (
        "/coverage",
        "/late",
        "/agency/shili-hostile",
        "/agency/shili-hostile/2024",
        "/coverage?q=%22%3E%3Csvg+onload%3Dx%3E",
    )
    html = "".join(ask(app, path).text for path in paths)
    for raw in ('<script>alert("name")', "<img src=x", "<svg onload", 'href="javascript:'):
        assert raw not in html
    assert "&lt;script&gt;alert(&#34;name&#34;)&lt;/script&gt;" in html
    assert 'class="refused"' in html  # the address is shown, as text
    assert "javascript:alert(document.domain)" in html


def test_the_english_page_without_its_slash(app: FastAPI) -> None:
    answer = ask(app, "/en")
    assert (answer.status_code, answer.headers["location"]) == (307, "/en/")


def test_only_reading_is_possible(app: FastAPI) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert ask(app, "/", method).status_code == 405
    assert ask(app, "/", "HEAD").status_code == 200


def test_health(app: FastAPI) -> None:
    answer = ask(app, "/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "schema_version": head()}


def test_a_broken_database_is_said_and_hides_its_details(seeded: Context, tmp_path: Path) -> None:
    sessions = open_store(f"sqlite:///{tmp_path / 'broken.db'}", create=True)
    broken = create_app(Settings(data_dir=tmp_path), seeded.configuration, sessions, FixedClock(NOW))
    with sessions.begin() as session:
        session.execute(text("DROP TABLE agency_state"))
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    health = ask(broken, "/healthz")
    assert health.status_code == 503
    assert "gongkai migrate" in health.json()["database"]
    for path in ("/", "/en/", "/agency/shili-slj", "/api/v1/agencies/shili-slj"):
        answer = ask(broken, path)
        assert answer.status_code == 503
        assert not re.search(r"Traceback|sqlite|SELECT|no such table", answer.text)
        assert {name: answer.headers[name] for name in SECURITY} == SECURITY


def test_an_error_shows_no_traceback(seeded: Context) -> None:
    app = at(seeded, NOW)

    @app.get("/en/breaks")
    def breaks(request: Request) -> None:
        raise RuntimeError("the secret of the server")

    answer = ask(app, "/en/breaks")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "secret" not in answer.text
    assert {name: answer.headers[name] for name in SECURITY} == SECURITY


def test_small_files(app: FastAPI) -> None:
    assert ask(app, "/robots.txt").text.startswith("User-agent: *")
    assert ask(app, "/favicon.ico").headers["content-type"] == "image/svg+xml"
    assert ask(app, "/static/page.css").headers["cache-control"] == "public, max-age=86400"
    linked = static_addresses()["page.css"]
    assert ask(app, linked).headers["cache-control"] == "public, max-age=31536000, immutable"
    assert ask(app, "/").headers["cache-control"] == "no-cache"
