"""The page frame that the families share: the meta tags of the 2017 standard, the banner, the footer.

May touch nothing: text in, text out. The tags are those of 《政府网站发展指引》 (国办发〔2017〕47号), page design annex.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from tests.portals.site import Article, Column, Site

STYLE = """
body{font:15px/1.7 "Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:0 auto;max-width:1100px;color:#222}
.sim-banner{background:#fff3bf;border:3px dashed #b35900;color:#5c2e00;font-weight:bold;padding:12px 18px;margin:8px}
table{border-collapse:collapse}td{border:1px solid #999;padding:3px 8px}
"""

Meta = Sequence[tuple[str, str]]


def site_meta(site: Site, host: str) -> Meta:
    return (("SiteName", site.name), ("SiteDomain", host), ("SiteIDCode", site.site_id_code))


def column_meta(column: Column) -> Meta:
    return (
        ("ColumnName", column.name),
        ("ColumnDescription", f"{column.name}栏目（模拟）"),
        ("ColumnKeywords", "模拟,信息公开,年报"),
        ("ColumnType", column.column_type),
    )


def article_meta(article: Article) -> Meta:
    published = f"{article.published} 09:30" if article.meta_published is None else article.meta_published
    tags = [("ArticleTitle", article.title), ("ContentSource", article.issuer), ("Keywords", "模拟")]
    return [*tags, ("PubDate", published)] if published else tags


def page(site: Site, title: str, meta: Meta, content: str, note: str = "") -> str:
    """A whole HTML page: `content` is trusted markup, everything else is escaped."""
    tags = "\n".join(f'<meta name="{escape(name)}" content="{escape(value)}">' for name, value in meta)
    banner = escape(site.banner) + (f"<br>{escape(note)}" if note else "")
    return f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
{tags}
<title>{escape(title)}</title>
<style>{STYLE}</style>
</head>
<body>
<div class="sim-banner">{banner}</div>
{content}
<div class="footer"><p>网站标识码：{escape(site.site_id_code)}</p></div>
</body>
</html>
"""


def home(site: Site, host: str, links: Sequence[tuple[str, str]]) -> str:
    """The home page, with the addresses of the columns."""
    items = "".join(f'<li><a href="{escape(url)}">{escape(text)}</a></li>' for url, text in links)
    return page(site, site.name, site_meta(site, host), f"<h1>{escape(site.name)}</h1><ul>{items}</ul>")


def not_found(site: Site, host: str) -> str:
    """What the portal shows for an address that it does not have; also the body of a soft 404."""
    content = "<h2>页面不存在</h2><p>您访问的页面不存在或已被删除。</p><p><a href='/'>返回首页</a></p>"
    return page(site, "页面不存在", site_meta(site, host), content)
