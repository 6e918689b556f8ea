"""What is filed as an agency's report of a year: one row a content of an address. Reads the store through the source."""

from collections.abc import Iterator
from functools import partial

from crawler.reports import templates
from crawler.store.reads import exports as reads
from monitor.exports.filed import reports
from monitor.exports.model import Kind, Reference, Row, json_text
from monitor.exports.source import Source
from monitor.exports.tables import describing
from monitor.exports.tables.coverage import interval

NAME = "reports"
_field = partial(describing.field, NAME)


def rows(source: Source) -> Iterator[Row]:
    """Of registered agencies, by agency and year; whether a year is watched is not asked: a report is a report."""
    for batch in reports(source, worded=True):
        listed = reads.list_dates(source.session, {report.row.entry_id for report in batch})
        published = reads.published(source.session, {report.row.agency_id for report in batch})
        for report in batch:
            row = report.row
            after, by = interval(published.get((row.agency_id, row.year)))
            yield (
                row.report_id,
                row.agency_id,
                row.year,
                row.template,
                row.title,
                row.url,
                row.portal,
                row.column,
                row.format,
                row.sha256,
                row.captured_at,
                listed.get(row.entry_id),
                row.signed_on,
                json_text(row.dates) if row.dates else None,
                after,
                by,
                row.extractor,
                report.cells,
                report.current,
                report.current_contents,
                report.same_as,
                source.is_simulated(row.agency_id, row.portal),
            )


TABLE = describing.table(
    NAME,
    (
        _field("report_id", Kind.INTEGER, required=True),
        _field("agency_id", Kind.TEXT, required=True),
        _field("year", Kind.INTEGER, required=True),
        _field("template", Kind.TEXT, words=templates.load()),
        _field("title", Kind.TEXT),
        _field("url", Kind.TEXT, required=True),
        _field("portal", Kind.TEXT, required=True),
        _field("column", Kind.TEXT, required=True),
        _field("format", Kind.TEXT),
        _field("sha256", Kind.TEXT, required=True),
        _field("captured_at", Kind.MOMENT, required=True),
        _field("listed_on", Kind.DAY),
        _field("signed_on", Kind.DAY),
        _field("dates", Kind.JSON),
        _field("published_after", Kind.MOMENT),
        _field("published_by", Kind.MOMENT),
        _field("extractor", Kind.TEXT, required=True),
        _field("cells", Kind.INTEGER, required=True),
        _field("current", Kind.BOOLEAN, required=True),
        _field("current_contents", Kind.INTEGER, required=True),
        _field("same_as", Kind.INTEGER),
        _field("simulated", Kind.BOOLEAN, required=True),
    ),
    key=("report_id",),
    rows=rows,
    count=lambda source: source.counts["filing"],
    references=(describing.AGENCY, Reference("same_as", NAME, "report_id")),
    indexes=("agency_id", "year", "template", "sha256"),
    search=("title",),
    year="year",
)
