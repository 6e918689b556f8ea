"""A line of a list as an entry: what its title says, its date. Touches nothing."""

from crawler.items import ListedEntry
from crawler.reports.dates import parse_day
from crawler.titles import judge_title
from spiders.lists.listing import Row

MAX_TITLE = 500  # characters


def entry_of(row: Row, *, certain: bool = False) -> ListedEntry:
    """`certain`: the page was seen to hold a report, whatever its title says."""
    verdict, reason = judge_title(row.title)
    if certain and verdict != "report":
        verdict, reason = "unsure", "页面有报告正文"
    return ListedEntry(
        url=row.url,
        title=row.title[:MAX_TITLE],
        list_date=parse_day(row.date) if row.date else None,
        list_date_raw=row.date,
        verdict=verdict,
        verdict_reason=reason,
    )
