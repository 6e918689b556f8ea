"""Portals of no known system: hand-made and provincial ones, in the shapes that were met.

May touch nothing: a site and a day in, pages out. Column options:

- `shape`: what the addresses look like: `plain` (`/zwgk/nb/123456.html`, the default), `henan`, `snowflake`, `objectid`,
  `content`, `jeecms`, `empire`, `ilist`, `hebei`, `shanghai`;
- `layout`: `ul` (default), `table`, `boxes` (a div for every entry), `platform` (the national platform's container);
- `pager`: `next` (a link 下一页, the default), `numbers`, `select`, `rel`, `arrow`, `script` (a link that only a script
  follows), `silent` (共 N 页 and no link), `none`;
- `dates`: False leaves the dates out;
- `news`: False leaves the box of news beside the list out;
- `hollow`: True leaves the list itself to a script: the page without any list.

Every page has a menu, a path, friendly links and a box of news, so that the list is not the only list.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from html import escape

from tests.portals import frame
from tests.portals.site import NOTHING, Article, Column, Page, Sent, Site

EPOCH = 1288834974657  # milliseconds, of the snowflake numbers
MENU = ("政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "政府信息公开年报", "依申请公开")
SHAPES = ("plain", "henan", "snowflake", "objectid", "content", "jeecms", "empire", "ilist", "hebei", "shanghai")


def column_path(column: Column) -> str:
    return _list_address(column, 1)


def article_path(column: Column, article: Article) -> str:
    day, number = article.published, article.number
    moment = int(dt.datetime(day.year, day.month, day.day, 2, tzinfo=dt.UTC).timestamp())
    digest = hashlib.md5(f"{column.path} {number}".encode(), usedforsecurity=False).hexdigest()
    addresses = {
        "plain": f"/{column.path}/{number}123.html",
        "henan": f"/{day.year}/{day:%m-%d}/26{number}.html",
        "snowflake": f"/{column.path}/{((moment * 1000 - EPOCH) << 22) + number}.html",
        "objectid": f"/{column.path}/{moment:08x}{digest[:16]}.html",
        "content": f"/Content-23{number}.html",
        "jeecms": f"/{column.path}/2496{number}.jhtml",
        "empire": f"/e/action/ShowInfo.php?classid=174&id={number}&tempid=14",
        "ilist": f"/info/iIndex.jsp?node_id=GKmzs&cat_id=15971&id={number}",
        "hebei": f"/columns/{_uuid(column.path)}/{day:%Y%m}/{day:%d}/{_uuid(f'{column.path} {number}')}.html",
        "shanghai": f"/nw12344/{day:%Y%m%d}/{digest}.html",
    }
    return addresses[_shape(column)]


def pages(site: Site, host: str, day: dt.date) -> dict[str, Page]:
    """All addresses without a query."""
    every = _every(site, host, day)
    return {address: page for address, page in every.items() if "?" not in address}


def extra(site: Site, host: str, day: dt.date, path: str, query: dict[str, str], sent: Sent = NOTHING) -> Page | None:
    """The addresses that are a query."""
    if not query:
        return None
    return _every(site, host, day).get(f"{path}?{'&'.join(f'{name}={value}' for name, value in query.items())}")


def _every(site: Site, host: str, day: dt.date) -> dict[str, Page]:
    found = {"/": Page(frame.home(site, host, [(column_path(c), c.name) for c in site.columns]).encode())}
    for column in site.columns:
        listed = column.listed(day)
        count = max(1, -(-len(listed) // column.page_size))
        for number in range(1, count + 1):
            part = listed[(number - 1) * column.page_size : number * column.page_size]
            html = _list_page(site, host, column, part, number, count)
            found[_list_address(column, number)] = Page(html.encode(), changed_on=column.changed_on(day))
        for article in listed:
            html = _detail_page(site, host, column, article, day)
            found |= article.pages_on(day, article_path(column, article), html)
    return found


def _shape(column: Column) -> str:
    return str(column.options.get("shape", "plain"))


def _uuid(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def _list_address(column: Column, number: int) -> str:
    """The address of list page `number`, counted from 1."""
    shape = _shape(column)
    if shape == "empire":
        return "/e/action/ListInfo.php?classid=174" + (f"&page={number - 1}" if number > 1 else "")
    if shape == "ilist":
        return f"/info/iList.jsp?node_id=GKmzs&cat_id=15971&cur_page={number}"
    if shape == "jeecms":
        return f"/{column.path}/index{'' if number == 1 else f'_{number}'}.jhtml"
    folder = f"/columns/{_uuid(column.path)}/" if shape == "hebei" else f"/{column.path}/"
    return folder if number == 1 else f"{folder}list_{number}.html"


def _list_page(site: Site, host: str, column: Column, part: list[Article], number: int, count: int) -> str:
    menu = "".join(f'<li><a href="/gk/{place}0001/">{name}</a></li>' for place, name in enumerate(MENU))
    news = "".join(
        f'<li><a href="/xwzx/2019032{place}/8800{place}.html">示例动态：模拟新闻第{place}则，与年报无关</a>'
        f"<span>2019-03-2{place}</span></li>"
        for place in range(1, 4)
    )
    name = escape(column.name)
    box = "" if column.options.get("news") is False else f'<div class="tuijian"><h3>本地要闻</h3><ul>{news}</ul></div>'
    rows = "<script>loadList(1)</script>" if column.options.get("hollow") else _rows(column, part)
    pager = "" if column.options.get("hollow") else _pager(column, number, count)
    content = f"""<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/xwzx/">新闻中心</a></li></ul></div>
<div class="dqwz">当前位置：<a href="/">首页</a> &gt; <a href="/gk/">政务公开</a> &gt; <a href="{column_path(column)}">{name}</a></div>
<div class="sideMenu"><ul>{menu}</ul></div>
{box}
<div class="con-main"><h2>{name}</h2>
{rows}
{pager}
</div>
<div class="yqlj"><h3>友情链接</h3><ul><li><a href="http://www.example.org/123456.html">示例省人民政府2024年门户</a></li>
<li><a href="http://www.example.net/123457.html">示例省2023年数据开放平台</a></li></ul></div>"""
    meta = [*frame.site_meta(site, host), *frame.column_meta(column)]
    return frame.page(site, f"{column.name}_{site.name}", meta, content)


def _rows(column: Column, part: list[Article]) -> str:
    layout = column.options.get("layout", "ul")
    shown = column.options.get("dates") is not False
    items = []
    for article in part:
        title = escape(article.title)
        link = f'<a href="{escape(article_path(column, article))}" title="{title}">{title[:14]}...</a>'
        date = str(article.published) if shown else ""
        items.append(
            {
                "table": f"<tr><td>{article.number}</td><td>{link}</td><td>{date}</td></tr>",
                "boxes": f'<div class="item"><p>{link}</p><i>{date}</i></div>',
                "platform": f"<li>{link}<b>{date}</b></li>",
            }.get(str(layout), f"<li>{link}<span>{date}</span></li>")
        )
    if layout == "table":
        return f'<table class="gk"><tr><th>序号</th><th>标题</th><th>日期</th></tr>{"".join(items)}</table>'
    if layout == "boxes":
        return f'<div class="items">{"".join(items)}</div>'
    if layout == "platform":
        none = "" if part else "<p>暂无信息</p>"
        return f'<div class="zfxxgk_zdgkc"><ul>{"".join(items)}</ul>{none}</div>'
    return f'<ul class="news-list">{"".join(items)}</ul>'


def _pager(column: Column, number: int, count: int) -> str:
    def link(to: int, text: str, more: str = "") -> str:
        here = 1 <= to <= count and to != number
        return f'<a href="{escape(_list_address(column, to))}"{more}>{text}</a>' if here else f"<span>{text}</span>"

    kind = column.options.get("pager", "next")
    numbers = "".join(f"<li>{link(other, str(other))}</li>" for other in range(1, count + 1))
    choices = "".join(
        f'<option value="{escape(_list_address(column, other))}"{" selected" if other == number else ""}>第{other}页</option>'
        for other in range(1, count + 1)
    )
    last = link(count, "尾页")
    return {
        "numbers": f'<ul class="pages">{numbers}</ul>',
        "select": f'<div class="fy">共{count}页 第{number}页 <select onchange="go(this.value)">{choices}</select></div>',
        "rel": f'<div class="fy">{link(number + 1, "后面", " rel=next")}</div>',
        "arrow": f'<div class="fy"><ul>{numbers}<li>{link(number + 1, "&gt;")}</li></ul></div>',
        "script": f"<div class='fy'>第{number}页 <a href='javascript:turn({number + 1})'>下一页</a></div>",
        "silent": f'<div class="fy">共{count}页</div>',
        "none": "",
    }.get(
        str(kind),
        f'<div class="fy">{link(1, "首页")} {link(number - 1, "上一页")} {link(number + 1, "下一页")} {last} 第{number}页/共{count}页</div>',
    )


def _detail_page(site: Site, host: str, column: Column, article: Article, day: dt.date) -> str:
    content = f"""<div class="dqwz">当前位置：<a href="/">首页</a> &gt; <a href="{column_path(column)}">{escape(column.name)}</a></div>
<h1>{escape(article.title)}</h1>
<div class="info">发布时间：{article.published} 09:30　来源：{escape(article.issuer)}</div>
<div id="zoom" class="content">
{article.body_on(day)}
</div>"""
    meta = [*frame.site_meta(site, host), *frame.column_meta(column), *frame.article_meta(article)]
    return frame.page(site, f"{article.title}_{site.name}", meta, content, article.note)
