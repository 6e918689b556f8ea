"""TRS WCM, static columns: `/zwgk/zfxxgknb/`, `index_1.html`, `./202401/t20240118_1234567.html`.

May touch nothing: a site and a day in, pages out. Column options:

- `pager`: `countPage` (inline script, the default), `createPageHTML` (zero-based call), `hunan` (one-based call,
  page 2 is index_2.html), `shanghai` (`.pagination("setPage", …)`, one-based), `none`;
- `titles`: `full` (title attribute, the default) or `cut` (no title attribute, the text ends with …);
- `shape`: `li` (default), `table` (`table > tr > td`, no container of the national template) or `p` (`li > a > p + span`);
- `dates`: the element of the list date, `span` (default) or `b`;
- `header`: `paragraphs` (default) or `table`: how a detail page prints its index header;
- `suffix`: of all files, `html` (default), `htm` or `shtml`;
- `plain`: articles are `./t803352.shtml`, without folder and date;
- `charset`: `gb2312`: the bytes are GBK, as header and meta say;
- `cap`: only so many pages are published; the script says in `countnum` how many records there are;
- `claimed`: so many pages more are claimed than exist;
- `years`: every year has a sub-column whose address follows no pattern; the column itself lists their links only.
"""

from __future__ import annotations

import datetime as dt
from html import escape

from tests.portals import frame
from tests.portals.site import NOTHING, Article, Column, Page, Sent, Site

CUT_AFTER = 18  # characters of a list title before the ellipsis
MENU = (
    ("../zfxxgkzn/", "政府信息<br>公开指南"),
    ("../zfxxgkzd/", "政府信息<br>公开制度"),
    ("../fdzdgknr/", "法定主动<br>公开内容"),
    ("./", "政府信息<br>公开年报"),
    ("../ysqgk/", "依申请公开"),
)


def column_path(column: Column) -> str:
    return f"/{column.path}/"


def article_path(column: Column, article: Article) -> str:
    return _folder(column, article) + _href(column, article)


def year_folder(column: Column, year: int) -> str:
    """The sub-column of the reports published in `year`: 2024n_7703, a code that nobody can guess."""
    return f"{column_path(column)}{year}n_{year * 7919 % 9973}/"


def pages(site: Site, host: str, day: dt.date) -> dict[str, Page]:
    """All addresses of the site on `day`, by path."""
    found = {"/": Page(frame.home(site, host, [(column_path(c), c.name) for c in site.columns]).encode())}
    for column in site.columns:
        listed = column.listed(day)
        if column.options.get("years"):
            years = sorted({article.published.year for article in listed}, reverse=True)
            for year in years:
                of_year = [article for article in listed if article.published.year == year]
                found |= _list_pages(site, host, column, of_year, day, year_folder(column, year))
            html = _years_page(site, host, column, years)
            found[column_path(column)] = _page(column, html, column.changed_on(day))
        else:
            found |= _list_pages(site, host, column, listed, day, column_path(column))
        for article in listed:
            html = _detail_page(site, host, column, article, day)
            found[article_path(column, article)] = _page(column, html, article.changed_on(day))
            found |= article.files_on(day, article_path(column, article))
    return found


def _list_pages(
    site: Site, host: str, column: Column, listed: list[Article], day: dt.date, folder: str
) -> dict[str, Page]:
    """The pages of one list, by path."""
    found = {}
    count = max(1, -(-len(listed) // column.page_size))
    count = min(count, int(column.options.get("cap", count)))
    for number in range(count):
        part = listed[number * column.page_size : (number + 1) * column.page_size]
        html = _list_page(site, host, column, part, number, count, len(listed))
        found[folder + _index(column, number)] = _page(column, html, column.changed_on(day))
    found[folder] = found[folder + _index(column, 0)]
    return found


def extra(site: Site, host: str, day: dt.date, path: str, query: dict[str, str], sent: Sent = NOTHING) -> Page | None:
    """Addresses that are computed; a static site has none."""
    return None


def _page(column: Column, html: str, changed_on: dt.date | None) -> Page:
    if column.options.get("charset") == "gb2312":
        html = html.replace('<meta charset="utf-8">', '<meta charset="gb2312">')
        return Page(html.encode("gb18030"), charset="gb2312", changed_on=changed_on)
    return Page(html.encode(), changed_on=changed_on)


def _suffix(column: Column) -> str:
    return str(column.options.get("suffix", "html"))


def _index(column: Column, number: int) -> str:
    """The file of list page `number`, counted from 0."""
    if number == 0:
        return f"index.{_suffix(column)}"
    one_based = column.options.get("pager") in ("hunan", "shanghai")
    return f"index_{number + one_based}.{_suffix(column)}"


def _folder(column: Column, article: Article) -> str:
    return year_folder(column, article.published.year) if column.options.get("years") else column_path(column)


def _href(column: Column, article: Article) -> str:
    day = article.published
    if column.options.get("plain"):
        return f"t{article.number:06}.{_suffix(column)}"
    return f"{day:%Y%m}/t{day:%Y%m%d}_{article.number}.{_suffix(column)}"


def _list_page(site: Site, host: str, column: Column, part: list[Article], number: int, count: int, total: int) -> str:
    items = "\n".join(_item(column, article) for article in part)
    empty = "" if part else '<p class="zfxxgk_none">暂无信息</p>'
    if column.options.get("shape") == "table" and part:
        rows = f'<table class="gl_list"><tbody>\n{items}\n</tbody></table>'
    else:
        rows = f'<div class="zfxxgk_zdgkc">\n<ul>\n{items}\n</ul>{empty}\n</div>'
    pager = _pager(column, number, count + int(column.options.get("claimed", 0)), total)
    return _column_page(site, host, column, f'{rows}\n<div class="page">{pager}</div>')


def _years_page(site: Site, host: str, column: Column, years: list[int]) -> str:
    links = "\n".join(f'<li><a href="{year_folder(column, year)}">{year}年</a></li>' for year in years)
    return _column_page(site, host, column, f'<div class="zfxxgk_zdgkc"><ul>\n{links}\n</ul></div>')


def _column_page(site: Site, host: str, column: Column, rows: str) -> str:
    menu = "\n".join(f'<li><span>·</span><a href="{href}">{text}</a></li>' for href, text in MENU)
    content = f"""{_breadcrumb(column)}
<div class="zwxxgk_box">
<div class="dl_nav"><div class="sideMenu"><h3><em class="zwxxgk_bntN"></em>政府信息公开</h3>
<ul>
{menu}
</ul></div></div>
<div class="zfxxgk_zdgktit">{escape(column.name)}</div>
{rows}
</div>"""
    meta = [*frame.site_meta(site, host), *frame.column_meta(column)]
    return frame.page(site, f"{column.name}_{site.name}", meta, content)


def _item(column: Column, article: Article) -> str:
    title = escape(article.title)
    href = _href(column, article)
    tag = column.options.get("dates", "span")
    link = f'<a href="./{href}" target="_blank" title="{title}">{title}</a>'
    if column.options.get("titles") == "cut" and len(article.title) > CUT_AFTER:
        link = f'<a href="./{href}" target="_blank">{escape(article.title[:CUT_AFTER])}…</a>'
    match column.options.get("shape", "li"):
        case "table":
            return f"<tr><td><i>·</i></td><td>{link}</td><td>\n{article.published}\n</td></tr>"
        case "p":
            return f'<li><a href="./{href}"><p>{title}</p><{tag}>{article.published}</{tag}></a></li>'
        case _:
            return f"<li>{link}<{tag}>{article.published}</{tag}></li>"


def _pager(column: Column, number: int, count: int, total: int) -> str:
    suffix = _suffix(column)
    match column.options.get("pager", "countPage"):
        case "createPageHTML":
            return f'<script>createPageHTML({count}, {number}, "index", "{suffix}");</script>'
        case "hunan":
            return f"<script>createPageHTML('paging', {count}, {number + 1}, 'index', '{suffix}', {total});</script>"
        case "shanghai":
            return f'<div id="pages"></div><script>$("#pages").pagination("setPage", {number + 1}, {count});</script>'
        case "none":
            return ""
    countnum = f"var countnum= {total};//共多少条" if "cap" in column.options else ""
    return f"""<script>
var currentPage = {number};//所在页从0开始
var prevPage = currentPage - 1;//上一页
var nextPage = currentPage + 1;//下一页
var countPage = {count};//共多少页
{countnum}
document.write("<a href=\\"index"+"_" + nextPage + "."+"{suffix}\\">下一页</a>");
</script>"""


def _breadcrumb(column: Column) -> str:
    here = escape(column.name)
    return f"""<div class="position">您现在的位置：<a href="/" class="CurrChnlCls">首页</a> &gt;
<a href="../" class="CurrChnlCls">政务公开</a> &gt; <a href="./" title="{here}" class="CurrChnlCls">{here}</a></div>"""


def _detail_page(site: Site, host: str, column: Column, article: Article, day: dt.date) -> str:
    title = escape(article.title)
    content = f"""{_breadcrumb(column)}
{_header(column, article)}
<h1 class="article-title">{title}</h1>
<div class="info"><span>发布时间：{article.published} 09:30</span> <span>来源：{escape(article.issuer)}</span></div>
<div class="TRS_Editor">
{article.body_on(day)}
</div>"""
    meta = [*frame.site_meta(site, host), *frame.column_meta(column), *frame.article_meta(article)]
    return frame.page(site, f"{article.title}_{site.name}", meta, content, article.note)


def _header(column: Column, article: Article) -> str:
    """The index header (索引头). Its commented-out rows are the trap that real pages set: they say nothing."""
    rows = [("索引号", f"SIM-{article.number}"), ("发布机构", article.issuer), ("发布日期", str(article.published))]
    if article.written is not None:
        rows.append(("成文日期", f"{article.written:%Y年%m月%d日}"))
    dead = ("发布机构", "（模板残留，不显示）"), ("发布日期", "1999-01-01")
    if column.options.get("header") == "table":
        shown = "\n".join(f"<tr><td>{name}</td><td>{escape(value)}</td></tr>" for name, value in rows)
        hidden = "\n".join(f"<!--<tr><td>{name}</td><td>{value}</td></tr>-->" for name, value in dead)
        return f'<table class="xxgk_head">\n{hidden}\n{shown}\n</table>'
    shown = "\n".join(f"<p><strong>{name}</strong>：{escape(value)}</p>" for name, value in rows)
    hidden = "\n".join(f"<!--<p><strong>{name}</strong>：{value}</p>-->" for name, value in dead)
    return f'<div class="xxgk_head">\n{hidden}\n{shown}\n</div>'
