"""The disclosure module of the simulated Hanweb portals: search.jsp and xxgkAnnualReport.jsp.

May touch nothing: a column and its articles in, HTML out. search.jsp lists the whole office, so the column's articles
stand among others, and one of its pages may hold none of them. xxgkAnnualReport.jsp answers 200 with a frame for a
year without a report, and the frame's menu has the words that a report's sections have.
"""

from __future__ import annotations

from html import escape

from tests.portals.site import Article, Column

SEARCH = "/module/xxgk/search.jsp"
ANNUAL = "/module/xxgk/xxgkAnnualReport.jsp"
NOISE = 7  # articles of other columns that the office has published last
NOISE_COLUMN = "991"

_MENU = ("信息公开指南", "信息公开制度", "法定主动公开内容", "政府信息公开年报", "依申请公开", "行政复议", "收费标准")


def report_year(article: Article) -> int:
    return article.published.year - 1


def report_of(listed: list[Article], year: str) -> Article | None:
    return next((article for article in listed if str(report_year(article)) == year), None)


def search_frame(column: Column) -> str:
    """What the column's page holds instead of a list: the conditions of its search."""
    data = f"infotypeId=&amp;jdid=3&amp;area={column.path}000&amp;divid=div{column.path}&amp;sortfield=createdate:0"
    return (
        f'<div id="div{column.path}"></div><script>$.ajax({{type:"POST",url:"{SEARCH}",'
        f"data:'{data}&amp;texttype=0&amp;fbtime=-1&amp;currpage=1'}});</script>"
    )


def search_answer(column: Column, listed: list[Article], paths: list[str], asked: str) -> str:
    """The fragment of page `asked`; `paths` are those of the articles."""
    lines = [
        _line(f"/art/2024/3/{number}/art_{NOISE_COLUMN}_{number}.html", f"示例通知第{number}号", f"2024-03-{number:02}")
        for number in range(NOISE, 0, -1)
    ]
    lines += [_line(path, article.title, str(article.published)) for article, path in zip(listed, paths, strict=True)]
    size = column.page_size
    count = max(1, -(-len(lines) // size))
    number = int(asked) if asked.isdigit() and 1 <= int(asked) <= count else 1
    shown = "".join(lines[(number - 1) * size :][:size])
    return f"<table>{shown}</table><div class='pager'>共{len(lines)}条 共{count}页 当前第{number}页 转到</div>"


def _line(href: str, title: str, date: str) -> str:
    shown = escape(title if len(title) <= 20 else f"{title[:20]}...")
    return f"<tr><td><a href='{href}' title='{escape(title)}' target='_blank'>{shown}</a></td><td>{date}</td></tr>"


def annual_frame(content: str) -> str:
    """The frame of xxgkAnnualReport.jsp with what it frames."""
    menu = "".join(f"<li><a href='/col/menu{number}/index.html'>{word}</a></li>" for number, word in enumerate(_MENU))
    links = "".join(f"<li><a href='/links/{number}.html'>示例市相关网站第{number}号</a></li>" for number in range(30))
    return f"<div class='menu'><ul>{menu}</ul></div><h2>政府信息公开年报</h2>{content}<ul>{links}</ul>"
