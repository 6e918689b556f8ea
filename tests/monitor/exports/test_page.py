"""The page of the downloads and the files it sends: whole or in part, by no other name than a build's own."""

import asyncio
import re
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from monitor.clock import FixedClock
from monitor.exports.tables import TABLES
from monitor.status import create_app
from monitor.status.views.data import shown_size
from tests.monitor.exports.conftest import Made
from tests.monitor.status.seed import NOW


@pytest.fixture(scope="module")
def app(made: Made) -> FastAPI:
    return create_app(made.stock.settings, made.stock.configuration, made.stock.sessions, FixedClock(NOW))


def ask(app: FastAPI, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8600") as client:
            return await client.request(method, path, headers=headers)

    return asyncio.run(send())


@pytest.mark.parametrize(("prefix", "words"), [("", "公布情况（机关 × 年度）"), ("/en", "Coverage (office × year)")])
def test_every_file_is_offered(app: FastAPI, made: Made, prefix: str, words: str) -> None:
    page = ask(app, f"{prefix}/data")
    assert page.status_code == 200
    links = re.findall(rf'href="/data/files/{re.escape(made.build.name)}/([^"]+)"', page.text)
    assert set(links) == {file.name for file in made.build.files}
    assert words in page.text
    assert f"{made.build.rows['facts']:,}" in page.text
    assert all(file.sha256 in page.text for file in made.build.files)
    assert "2025-03-20 10:00" in page.text and "CC BY 4.0" in page.text


def test_before_the_first_build_it_is_said(made: Made, tmp_path: Path) -> None:
    settings = made.stock.settings.model_copy(update={"data_dir": tmp_path})
    app = create_app(settings, made.stock.configuration, made.stock.sessions, FixedClock(NOW))
    assert "尚未制作过数据文件" in ask(app, "/data").text
    assert "No files were built yet" in ask(app, "/en/data").text
    assert ask(app, "/data/dictionary").status_code == 200
    assert ask(app, "/data/files/latest/facts.csv").status_code == 404


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_dictionary_tells_every_field_and_code(app: FastAPI, prefix: str) -> None:
    page = ask(app, f"{prefix}/data/dictionary").text
    for table in TABLES.values():
        assert f'id="t-{table.name}"' in page
        assert all(f"<code>{one.name}</code>" in page for one in table.fields), table.name


def test_a_file_comes_whole_and_as_what_it_is(app: FastAPI, made: Made) -> None:
    for name, media_type in (
        ("facts.csv", "text/csv; charset=utf-8"),
        ("facts.parquet", "application/vnd.apache.parquet"),
        ("gongkai.db", "application/vnd.sqlite3"),
        ("datapackage.json", "application/json"),
        ("LICENSE.txt", "text/plain; charset=utf-8"),
    ):
        file = made.build.file(name)
        assert file is not None
        answer = ask(app, f"/data/files/{made.build.name}/{name}")
        assert (answer.status_code, answer.content) == (200, (made.folder / name).read_bytes())
        assert answer.headers["content-type"] == media_type
        assert answer.headers["content-length"] == str(file.bytes)
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
        assert answer.headers["etag"] == f'"{file.sha256}"'
        head = ask(app, f"/data/files/{made.build.name}/{name}", "HEAD")
        assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(file.bytes))


def test_a_download_goes_on_and_is_not_sent_twice(app: FastAPI, made: Made) -> None:
    path, whole = f"/data/files/{made.build.name}/facts.csv", (made.folder / "facts.csv").read_bytes()
    etag = ask(app, path, "HEAD").headers["etag"]
    part = ask(app, path, Range="bytes=1000-1999")
    assert (part.status_code, part.content) == (206, whole[1000:2000])
    assert part.headers["content-range"] == f"bytes 1000-1999/{len(whole)}"
    assert ask(app, path, **{"Range": "bytes=1000-", "If-Range": etag}).content == whole[1000:]
    assert ask(app, path, **{"Range": "bytes=1000-", "If-Range": '"another"'}).content == whole
    assert ask(app, path, Range=f"bytes={len(whole)}-").status_code == 416
    again = ask(app, path, **{"If-None-Match": f'"x", W/{etag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)


def test_the_newest_has_an_address_that_stays(app: FastAPI, made: Made) -> None:
    answer = ask(app, "/data/files/latest/coverage.csv")
    assert (answer.status_code, answer.headers["location"]) == (307, f"/data/files/{made.build.name}/coverage.csv")


@pytest.mark.parametrize(
    "path",
    [
        "/data/files/{build}/build.json",
        "/data/files/{build}/nothing.csv",
        "/data/files/{build}/..%2f..%2fgongkai.db",
        "/data/files/{build}/%2e%2e",
        "/data/files/../gongkai.db",
        "/data/files/..%2f..%2fconfig/agencies.csv",
        "/data/files/.{build}.part/facts.csv",
        "/data/files/2025-03-20.99/facts.csv",
        "/data/files/%00/facts.csv",
        "/data/files/{build}/facts.csv%00.txt",
        "/data/files/latest/%0d%0aSet-Cookie:%20a=b",
        "/en/data/files/{build}/facts.csv",
        "/data/files/{build}",
    ],
)
def test_nothing_else_is_sent(app: FastAPI, made: Made, path: str) -> None:
    answer = ask(app, path.format(build=made.build.name))
    assert answer.status_code == 404
    assert "set-cookie" not in answer.headers


def test_nothing_is_written_through_the_page(app: FastAPI, made: Made) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert ask(app, f"/data/files/{made.build.name}/facts.csv", method).status_code == 405


@pytest.mark.parametrize(
    ("size", "shown"), [(0, "0 B"), (999, "999 B"), (1000, "1.0 KB"), (12_345, "12 KB"), (3_400_000_000, "3.4 GB")]
)
def test_sizes(size: int, shown: str) -> None:
    assert shown_size(size) == shown
