"""Sites for the tests of visits: invented offices, twelve reports and four lookalikes each."""

import datetime as dt

from tests.portals import Article, Column, Site

DAY = dt.date(2024, 1, 25)
LOOKALIKES = ("示例市2023年政务公开工作要点", "图解：示例市2022年政府信息公开工作年度报告")


def article(number: int, title: str = "", *, last: dt.date | None = None) -> Article:
    """示例市第N局's report, published on the Nth of January 2024."""
    return Article(
        number=7000 + number,
        title=title or f"示例市第{number}局2023年政府信息公开工作年度报告（虚构机构的报告）",
        published=dt.date(2024, 1, number),
        body=f"<p>示例市第{number}局的正文</p>" * 30,
        issuer=f"示例市第{number}局",
        last=last,
    )


REPORTS = tuple(article(number) for number in range(1, 13))
BESIDE = tuple(article(20 + number, title) for number, title in enumerate(LOOKALIKES))


def column(
    path: str, articles: tuple[Article, ...] = REPORTS + BESIDE, *, page_size: int = 5, **options: str | int | bool
) -> Column:
    return Column(path, articles, page_size=page_size, options=options)


def trs(slug: str, *columns: Column) -> Site:
    return Site(slug, "示例市人民政府", "trs", "9900000001", columns or (column("zwgk/nb"),), invented=True)


def hanweb(slug: str, *columns: Column) -> Site:
    chosen = columns or (column("123", page_size=4, group=5, overlap=2),)
    return Site(slug, "示例市人民政府", "hanweb", "9900000001", chosen, invented=True)
