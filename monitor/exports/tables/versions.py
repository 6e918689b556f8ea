"""Which contents an address of a report has shown, one after the other. Reads the store through the source."""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby

from crawler.store.reads import exports as reads
from crawler.store.reads.exports import ShownLine
from monitor.exports.filed import Report, reports
from monitor.exports.model import Kind, Reference, Row
from monitor.exports.source import Source
from monitor.exports.tables import describing

NAME = "versions"
_field = partial(describing.field, NAME)


def rows(source: Source) -> Iterator[Row]:
    """A content that was shown twice with another one between stands here twice. What is filed as no report is left out."""
    for batch in reports(source):
        filed = {(report.row.entry_id, report.row.sha256): report for report in batch}
        lines = reads.shown(source.session, {report.row.entry_id for report in batch})
        for (entry_id, url), shown in groupby(lines, key=lambda line: (line.entry_id, line.url)):
            number = 0
            for first, last, times in _runs(shown):
                report = filed.get((entry_id, first.sha256))
                if report is not None:
                    number += 1
                    yield _row(source, report, url, number, first, last, times)


def _runs(lines: Iterable[ShownLine]) -> Iterator[tuple[ShownLine, ShownLine, int]]:
    """The first and the last capture of each content without a break, and how many there are."""
    for _, found in groupby(lines, key=lambda line: line.sha256):
        run = list(found)
        yield run[0], run[-1], len(run)


def _row(source: Source, report: Report, url: str, number: int, first: ShownLine, last: ShownLine, times: int) -> Row:
    row = report.row
    return (
        first.id,
        row.report_id,
        row.agency_id,
        row.year,
        url,
        number,
        first.sha256,
        first.fetched_at,
        last.fetched_at,
        last.id,
        times,
        source.is_simulated(row.agency_id, row.portal),
    )


TABLE = describing.table(
    NAME,
    (
        _field("first_capture", Kind.INTEGER, required=True),
        _field("report_id", Kind.INTEGER, required=True),
        _field("agency_id", Kind.TEXT, required=True),
        _field("year", Kind.INTEGER, required=True),
        _field("url", Kind.TEXT, required=True),
        _field("number", Kind.INTEGER, required=True),
        _field("sha256", Kind.TEXT, required=True),
        _field("first_seen_at", Kind.MOMENT, required=True),
        _field("last_seen_at", Kind.MOMENT, required=True),
        _field("last_capture", Kind.INTEGER, required=True),
        _field("captures", Kind.INTEGER, required=True),
        _field("simulated", Kind.BOOLEAN, required=True),
    ),
    key=("first_capture",),
    rows=rows,
    count=lambda source: source.counts["filing"],
    references=(describing.AGENCY, Reference("report_id", "reports", "report_id")),
    indexes=("report_id", "agency_id", "year"),
    year="year",
)
