"""NFCMS columns: `/zwgk/zfxxgknb/index.html`, `index_2.html`, `/zwgk/zfxxgknb/content/post_7001.html`.

May touch nothing: a site and a day in, pages out. Column options:

- `pager`: `link` (a link to the next page, the default) or `none`: the page says nothing of the next one, which exists;
- `dates`: False: the rows bear no dates.
"""

from __future__ import annotations

import datetime as dt
from html import escape

from tests.portals import frame
from tests.portals.site import NOTHING, Article, Column, Page, Sent, Site

SITE_ID = 990001


def column_path(column: Column) -> str:
    return f"/{column.path}/"


def article_path(column: Column, article: Article) -> str:
    return f"{column_path(column)}content/post_{article.number}.html"


def pages(site: Site, host: str, day: dt.date) -> dict[str, Page]:
    """All addresses of the site on `day`, by path."""
    found = {"/": Page(frame.home(site, host, [(column_path(c), c.name) for c in site.columns]).encode())}
    for column in site.columns:
        listed = column.listed(day)
        changed = column.changed_on(day)
        count = max(1, -(-len(listed) // column.page_size))
        for number in range(1, count + 1):
            part = listed[(number - 1) * column.page_size :][: column.page_size]
            html = _list_page(site, host, column, part, number, count)
            found[column_path(column) + _index(number)] = Page(html.encode(), changed_on=changed)
        found[column_path(column)] = found[column_path(column) + _index(1)]
        for article in listed:
            html = _detail_page(site, host, column, article, day)
            found |= article.pages_on(day, article_path(column, article), html)
    return found


def extra(site: Site, host: str, day: dt.date, path: str, query: dict[str, str], sent: Sent = NOTHING) -> Page | None:
    """Addresses that are computed; a static site has none."""
    return None


def _index(number: int) -> str:
    return "index.html" if number == 1 else f"index_{number}.html"


def _list_page(site: Site, host: str, column: Column, part: list[Article], number: int, count: int) -> str:
    items = "\n".join(_item(column, article) for article in part)
    rows = f"<ul>\n{items}\n</ul>" if part else "<p>暂无信息</p>"
    pager = ""
    if column.options.get("pager", "link") == "link" and count > 1:
        following = f'<a class="next" href="{_index(number + 1)}">下一页</a>' if number < count else ""
        pager = f'<div class="pages"><span>共{count}页</span><span>第{number}页</span>{following}</div>'
    content = f"""<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="../">政务公开</a></li></ul></div>
<div class="crumbs">当前位置：<a href="/">首页</a> &gt; <a href="./">{escape(column.name)}</a></div>
<div class="zfxxgk_zdgkc">{rows}</div>
{pager}
<script>var NFCMS_SITE_ID = "{SITE_ID}";</script>"""
    meta = [*frame.site_meta(site, host), *frame.column_meta(column)]
    return frame.page(site, f"{column.name} - {site.name}", meta, content)


def _item(column: Column, article: Article) -> str:
    title = escape(article.title)
    date = f"<span class='date'>{article.published}</span>" if column.options.get("dates", True) else ""
    return f'<li><a href="{article_path(column, article)}" title="{title}">{title}</a>{date}</li>'


def _detail_page(site: Site, host: str, column: Column, article: Article, day: dt.date) -> str:
    content = f"""<div class="crumbs">当前位置：<a href="/">首页</a> &gt; {escape(column.name)}</div>
<h1 class="info_title">{escape(article.title)}</h1>
<div class="info">时间：{article.published} 09:30:00　来源：{escape(article.issuer)}</div>
<div class="news_cont_d_wrap article-content">
{article.body_on(day)}
</div>
<script>var NFCMS_SITE_ID = "{SITE_ID}"; var NFCMS_POST_ID = "{article.number}";</script>"""
    meta = [
        *frame.site_meta(site, host),
        *frame.column_meta(column),
        *frame.article_meta(article),
        ("ArticleId", str(article.number)),
    ]
    return frame.page(site, f"{article.title} - {site.name}", meta, content, article.note)
