"""Guangdong's catalogue gkmlpt: `/gkmlpt/index#123`, `window._CONFIG`, `/gkmlpt/api/all/123?page=1&sid=9`.

May touch nothing: a site and a day in, pages out. A column's path is its number, below the department's path where one
is given (`zqhjj/123`). A page of the API holds a hundred entries. Column options:

- `further`: `pages` (default) or `404`: the API has one page only;
- `held`: how many entries more than it lists the column says to hold (post_count; 0 by default);
- `jumps`: so many of the newest rows are of type url and lead out of the catalogue;
- `body`: `shown` (default: the article's text stands in the page) or `data` (it stands in DETAIL only);
- `sid`: False leaves the site's number out of the page.

Page 0 is page 1. Times are Unix seconds in Shanghai; created_at is a day after create_time, as systems are filled.
"""

from __future__ import annotations

import datetime as dt
import json
from html import escape
from typing import Any

from tests.portals import frame
from tests.portals.site import NOTHING, SHANGHAI, Article, Column, Page, Sent, Site

SITE_ID = 990001
PAGE_SIZE = 100
BANNERS = {"menu": [{"text": "首页", "url": "/"}]}


def column_path(column: Column) -> str:
    return f"{room(column)}index#{number_of(column)}"


def article_path(column: Column, article: Article) -> str:
    post = article.number
    return f"{room(column)}content/{post // 10**6}/{post // 10**3}/post_{post}.html"


def room(column: Column) -> str:
    department = column.path.rpartition("/")[0]
    return f"/{department}/gkmlpt/" if department else "/gkmlpt/"


def number_of(column: Column) -> int:
    return int(column.path.rpartition("/")[2])


def pages(site: Site, host: str, day: dt.date) -> dict[str, Page]:
    """All static addresses of the site on `day`, by path."""
    found = {"/": Page(frame.home(site, host, [(column_path(c), c.name) for c in site.columns]).encode())}
    for column in site.columns:
        beside = [other for other in site.columns if room(other) == room(column)]
        found[f"{room(column)}index"] = Page(_index_page(site, host, beside).encode())
        for article in column.listed(day):
            html = _detail_page(site, host, column, article, day)
            page = Page(html.encode(), changed_on=article.changed_on(day))
            found[article_path(column, article)] = found[_elsewhere(article)] = page
            found |= article.files_on(day, article_path(column, article))
    return found


def extra(site: Site, host: str, day: dt.date, path: str, query: dict[str, str], sent: Sent = NOTHING) -> Page | None:
    """The answers of the API."""
    column = next((c for c in site.columns if path == f"{room(c)}api/all/{number_of(c)}"), None)
    number = query.get("page", "1")
    if column is None or sent.posted is not None or query.get("sid") != str(SITE_ID) or not number.isdigit():
        return None
    asked = max(1, int(number))
    if asked > 1 and column.options.get("further") == "404":
        return None
    return Page(
        json.dumps(_answer(column, host, column.listed(day), asked), ensure_ascii=False).encode(),
        media_type="application/json",
    )


def _answer(column: Column, host: str, listed: list[Article], asked: int) -> dict[str, Any]:
    offset = (asked - 1) * PAGE_SIZE
    return {
        "classify": _node(column) | {"post_count": len(listed) + int(column.options.get("held", 0)), "jump_url": ""},
        "total": len(listed),
        "offset": offset,
        "articles": [_entry(column, host, article, listed) for article in listed[offset:][:PAGE_SIZE]],
    }


def _entry(column: Column, host: str, article: Article, listed: list[Article]) -> dict[str, Any]:
    jumps = listed.index(article) < int(column.options.get("jumps", 0))
    return {
        "id": article.number,
        "title": article.title,
        "url": f"http://{host}{_elsewhere(article) if jumps else article_path(column, article)}",
        "type": "url" if jumps else "normal",
        "publisher": article.issuer,
        "identifier": f"SIM/{article.number}",
        "document_number": "",
        "classify_main": number_of(column),
        "classify_main_name": column.name,
        **_times(article),
    }


def _elsewhere(article: Article) -> str:
    """Where an entry of type url leads: the same article in an ordinary column."""
    return f"/zwgk/content/post_{article.number}.html"


def _times(article: Article) -> dict[str, Any]:
    written = article.written or article.published
    return {
        "date": _seconds(written),
        "create_time": _seconds(article.published, dt.time(9, 30)),
        "created_at": _seconds(article.published + dt.timedelta(days=1)),
        "display_publish_time": 0,
    }


def _seconds(day: dt.date, time: dt.time = dt.time()) -> int:
    return int(dt.datetime.combine(day, time, SHANGHAI).timestamp())


def _node(column: Column) -> dict[str, Any]:
    return {"id": number_of(column), "name": column.name, "parent": 1}


def _config(site: Site, columns: list[Column], detail: dict[str, Any] | None) -> str:
    """The data of the page, as its script reads it."""
    told = all(column.options.get("sid", True) for column in columns)
    tree = [{"id": 1, "name": "政府信息公开", "children": [_node(column) for column in columns]}]
    parts = [f'"SITE_ID": {SITE_ID}'] if told else []
    parts += [f'"TREE": {json.dumps(tree, ensure_ascii=False)}', f'"BANNERS": {json.dumps(BANNERS)}']
    if detail is not None:
        parts.append(f'"DETAIL": {json.dumps(detail, ensure_ascii=False)}'.replace("</", "<\\/"))
    return f"<script>window._CONFIG = {{ {', '.join(parts)} }};</script>"


def _index_page(site: Site, host: str, columns: list[Column]) -> str:
    content = f"<h1>{escape(site.name)}政府信息公开目录平台</h1><div id='app'></div>{_config(site, columns, None)}"
    return frame.page(site, f"{site.name}政府信息公开目录", frame.site_meta(site, host), content)


def _detail_page(site: Site, host: str, column: Column, article: Article, day: dt.date) -> str:
    body = article.body_on(day)
    detail = {"id": article.number, "title": article.title, "content": body, "attachment": []} | _times(article)
    shown = ""
    if column.options.get("body", "shown") == "shown":
        shown = f"""<table class="classify"><tr><td>索引号</td><td>SIM/{article.number}</td></tr>
<tr><td>发布机构</td><td>{escape(article.issuer)}</td></tr>
<tr><td>成文日期</td><td>{article.written or article.published}</td></tr>
<tr><td>发布日期</td><td>{article.published}</td></tr></table>
<h1 class="title">{escape(article.title)}</h1>
<div class="article-content">{body}</div>"""
    content = f"<div id='app'>{shown}</div>{_config(site, [column], detail)}"
    meta = [*frame.site_meta(site, host), ("ArticleTitle", article.title)]
    return frame.page(site, f"{article.title}_{site.name}", meta, content, article.note)
