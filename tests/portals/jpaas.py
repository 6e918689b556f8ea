"""Hanweb JPaaS columns: an empty list, units that unitbuild.js asks the gateway for, `art_<32 hex>.html`.

May touch nothing: a site and a day in, pages out. The gateway honours the page's number only within paramJson, and
answers 403 to whom no page of this host has sent and to parameters it does not know. Column options:

- `parse`: what parseType is called, `bulidstatic` (default, sic) or `buildstatic`;
- `units`: `named` (default: the list's unit beside those of the menu and the position) or `vague` (two units whose
  names do not tell which is the list: 甲 and 乙, the list is 乙);
- `count`: True prints 共N条 below the entries, also of an empty page;
- `beyond`: what comes behind the last page: `empty` (default) or `last` (the last page again);
- `months`: the list keeps only articles of so many months (0, the default: all), without a word about it;
- `attachments`: True puts the article's files behind the gateway, under an address that is another one every day.

A column without entries says 暂无信息.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from html import escape
from urllib.parse import quote, unquote, urlsplit

from tests.portals import frame
from tests.portals.site import NOTHING, Article, Column, Page, Sent, Site

UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
DOWNLOAD = "/api-gateway/jpaas-web-server/front/document/download"
CUT_AFTER = 26
KNOWN = frozenset(("webId", "tplSetId", "pageId", "tagId", "pageType", "parseType", "editType", "paramJson"))


def column_path(column: Column) -> str:
    return f"/{column.path}/index.html"


def article_path(column: Column, article: Article) -> str:
    key = hashlib.md5(f"{column.path} {article.number}".encode(), usedforsecurity=False).hexdigest()
    return f"/{column.path}/art/{article.published.year}/art_{key}.html"


def pages(site: Site, host: str, day: dt.date) -> dict[str, Page]:
    """All static addresses of the site on `day`, by path."""
    found = {"/": Page(frame.home(site, host, [(column_path(c), c.name) for c in site.columns]).encode())}
    for column in site.columns:
        html = _column_page(site, host, column)
        found[column_path(column)] = found[f"/{column.path}/"] = Page(html.encode())
        for article in column.listed(day):
            html = _detail_page(site, host, column, article, day)
            found[article_path(column, article)] = Page(html.encode(), changed_on=article.changed_on(day))
            if not column.options.get("attachments"):
                found |= article.files_on(day, article_path(column, article))
    return found


def extra(site: Site, host: str, day: dt.date, path: str, query: dict[str, str], sent: Sent = NOTHING) -> Page | None:
    """The answers of the gateway: a unit of a column, a file of an article."""
    if path == DOWNLOAD:
        return _file(site, day, query)
    if path != UNIT or sent.posted is not None:
        return None
    column = next((c for c in site.columns if page_id(c) == query.get("pageId")), None)
    if urlsplit(sent.referer).netloc != host or column is None or query.keys() - KNOWN:
        return Page(b"<html><head><title>403 Forbidden</title></head></html>", status=403)
    if query.get("tagId") != _tag(column):
        return _json({"success": True, "data": {"html": "<div class='position'><a href='/'>首页</a></div>"}})
    try:
        asked = int(json.loads(query.get("paramJson", "{}")).get("pageNo", 1))
        size = int(json.loads(query.get("paramJson", "{}")).get("pageSize", column.page_size))
    except (ValueError, AttributeError, TypeError):
        return _json({"success": False, "message": "参数错误（模拟）", "data": None})
    return _json({"success": True, "data": {"html": _fragment(column, _listed(column, day), asked, size)}})


def page_id(column: Column) -> str:
    return hashlib.md5(column.path.encode(), usedforsecurity=False).hexdigest()[:12]


def _tag(column: Column) -> str:
    return "乙" if column.options.get("units") == "vague" else "信息公开内容2"


def _listed(column: Column, day: dt.date) -> list[Article]:
    listed, months = column.listed(day), int(column.options.get("months", 0))
    return [article for article in listed if not months or (day - article.published).days < 30 * months]


def _json(value: object) -> Page:
    return Page(json.dumps(value, ensure_ascii=False).encode(), media_type="application/json")


def _fragment(column: Column, listed: list[Article], asked: int, size: int) -> str:
    count = max(1, -(-len(listed) // size))
    if column.options.get("beyond") == "last":
        asked = min(asked, count)
    part = listed[(asked - 1) * size :][:size] if asked > 0 else []
    items = "\n".join(_item(column, article) for article in part)
    none = "<p>暂无信息</p>" if not listed else ""
    told = f"<div class='page'>共{len(listed)}条</div>" if column.options.get("count") else ""
    return f"\n<div class='zfxxgknr-content'><div class='page-content'><ul>\n{items}\n</ul>{none}</div>{told}</div>\n"


def _item(column: Column, article: Article) -> str:
    """The title attribute is whole and may break the line; the text is cut."""
    issuer, title = escape(article.issuer), escape(article.title)
    whole = title.replace(issuer, f"{issuer}\n", 1) if title.startswith(issuer) else title
    shown = title if len(article.title) <= CUT_AFTER else f"{escape(article.title[:CUT_AFTER])}..."
    link = f'<a href="{article_path(column, article)}" title="{whole}">{shown}</a>'
    return f"<li>{link}<span>{article.published}</span></li>"


def _script(column: Column, tag: str) -> str:
    fields = {
        "webId": "9",
        "tplSetId": "d5a1",
        "pageId": page_id(column),
        "tagId": tag,
        "pageType": "column",
        "parseType": str(column.options.get("parse", "bulidstatic")),
    }
    query = ",".join(f"'{name}':'{value}'" for name, value in fields.items())
    return f'<script src="/script/unitbuild.js" url="{UNIT}" queryData="{{{query}}}"></script>'


def _column_page(site: Site, host: str, column: Column) -> str:
    tags = ["甲", "乙"] if column.options.get("units") == "vague" else ["栏目导航", "当前位置", _tag(column)]
    scripts = "\n".join(_script(column, tag) for tag in tags)
    content = f'<h2 class="title">{escape(column.name)}</h2>\n<ul class="list"></ul>\n{scripts}'
    meta = [*frame.site_meta(site, host), *frame.column_meta(column)]
    return frame.page(site, f"{site.name} {column.name}", meta, content)


def _detail_page(site: Site, host: str, column: Column, article: Article, day: dt.date) -> str:
    body = article.body_on(day)
    if column.options.get("attachments"):
        for file in article.files:
            body = body.replace(f"./{file.name}", _download(column, article, file.name, day))
    written = article.written or article.published
    content = f"""<table class="xxgk_index">
<tr><td>索引号</td><td>SIM-{article.number}</td><td>发布机构</td><td>{escape(article.issuer)}</td></tr>
<tr><td>发文日期</td><td>{written}</td></tr>
</table>
<h1 class="title">{escape(article.title)}</h1>
<div class="info">发布日期：{article.published} 09:30</div>
<div id="con_con" class="article-content">
{body}
</div>"""
    meta = [*frame.site_meta(site, host), *frame.column_meta(column), *frame.article_meta(article)]
    return frame.page(site, article.title, meta, content, article.note)


def _download(column: Column, article: Article, name: str, day: dt.date) -> str:
    token = quote(f"{page_id(column)}/{article.number}/{day}", safe="")
    return f"{DOWNLOAD}?fileUrl={token}&amp;fileName={quote(name)}"


def _file(site: Site, day: dt.date, query: dict[str, str]) -> Page | None:
    """An address of another day is no longer good."""
    for column in site.columns:
        for article in column.listed(day):
            for file in article.files:
                if query.get("fileUrl") == f"{page_id(column)}/{article.number}/{day}" and query.get(
                    "fileName"
                ) == unquote(file.name):
                    return file.on(day, article.first or article.published)
    return None
