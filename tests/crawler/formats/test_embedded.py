"""The article in a page's data: read where only the data holds it, bounded, and never as a program."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.formats import read
from crawler.formats.html.embedded import carries_data, with_article
from crawler.health import of_page
from crawler.model import LookOutcome, Paragraph, Table
from crawler.page import Page

TEXT = "示例市水利局二〇二三年政府信息公开工作年度报告的正文，一共有这么长的一句话，足够认出它来。"
CONTENT = f"<p>{TEXT}</p><table><tr><td>本年制发件数</td><td>7</td></tr></table>"


def page(detail: Any, body: str = "<div id='app'></div>", before: str = '"SITE_ID": 9, ') -> str:
    data = json.dumps(detail, ensure_ascii=False).replace("</", "<\\/")
    script = f'<script>window._CONFIG = {{ {before}"DETAIL": {data} }};</script>'
    return f"<html><head><title>示例</title></head><body>{body}{script}</body></html>"


def test_an_article_that_only_the_data_holds_is_read() -> None:
    document = read(page({"id": 1, "title": "示例年报", "content": CONTENT}).encode())
    texts = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    assert TEXT in texts and "示例年报" in texts
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    assert [cell.text for cell in table.rows[0]] == ["本年制发件数", "7"]


def test_an_article_that_the_page_shows_is_not_read_twice() -> None:
    shown = page({"content": CONTENT}, body=f"<div class='article-content'>{CONTENT}</div>")
    assert with_article(shown) == shown
    teaser = page({"content": CONTENT + "<p>还有很多别的内容。</p>" * 40}, body=f"<p>{TEXT}</p>")
    assert with_article(teaser) != teaser


@pytest.mark.parametrize(
    "text",
    [
        f"<html><body>{TEXT}</body></html>",
        page({"content": ""}),
        page({"content": None}),
        page({"content": "<script>document.write('x')</script>"}),
        page([1]),
        page({"content": CONTENT}).replace("_CONFIG", "_OTHER"),
        page({"content": CONTENT}).replace('"content"', "content:"),  # no JSON
        page({"content": CONTENT})[:-60],  # cut off
        '<script>window._CONFIG = {"DETAIL": {"content": ' + '[{"a":' * 100_000,
    ],
)
def test_what_holds_no_article_stays_as_it_is(text: str) -> None:
    assert with_article(text) == text


def test_no_script_of_the_article_gets_into_what_is_read() -> None:
    content = f"{CONTENT}<script>alert(1)</script><!-- <p>没有人看见的话</p> -->"
    document = read(page({"content": content, "title": "<script>x</script>年报"}).encode())
    assert not any(
        "alert" in block.text or "没有人" in block.text for block in document.blocks if isinstance(block, Paragraph)
    )
    assert "alert" not in Page("http://www.example.org/", page({"content": content})).visible


def test_the_files_beside_the_article_are_links() -> None:
    files = [{"name": "2023年报.pdf", "url": "/gkmlpt/attachment/0/1/2/3.pdf"}, {"name": "x", "url": "javascript:1"}]
    document = read(page({"content": CONTENT, "attachment": files, "attachments": "?"}).encode())
    assert [(link.url, link.text) for link in document.links] == [("/gkmlpt/attachment/0/1/2/3.pdf", "2023年报.pdf")]


def test_a_page_with_data_is_no_shell_for_the_crawl() -> None:
    article = page({"content": CONTENT})
    assert TEXT[:20] in Page("http://www.example.org/", article).visible
    assert of_page(Page("http://www.example.org/", article)).good
    index = page({}).replace("示例", "")
    assert carries_data(index) and of_page(Page("http://www.example.org/", index)).good
    assert of_page(Page("http://www.example.org/", "<script>x</script>")).outcome is LookOutcome.SHELL


def test_large_data_is_read_in_time() -> None:
    began = time.monotonic()
    with_article(page({"content": f"<p>{TEXT}</p>" * 20_000}))
    with_article('_CONFIG = {"DETAIL": {' * 50_000)
    assert time.monotonic() - began < 5


@given(st.text(max_size=200), st.text(max_size=200))
def test_whatever_stands_in_the_data_nothing_of_the_page_is_lost(content: str, rest: str) -> None:
    for text in (page({"content": content}) + rest, f"window._CONFIG = {{DETAIL: {content}{rest}"):
        found = with_article(text)
        assert len(found) >= len(text)
        assert found.startswith(text[:20]) and found.endswith(text[-7:])
