"""The facts in long form: one row a cell of a report, by its code. Reads the store through the source."""

from collections import defaultdict
from collections.abc import Iterator
from functools import partial

from crawler.model import CellState
from crawler.reports import templates
from crawler.store.reads import exports as reads
from monitor.exports.filed import Report, reports
from monitor.exports.model import Kind, Reference, Row, json_text
from monitor.exports.source import Source
from monitor.exports.tables import describing

NAME = "facts"
_field = partial(describing.field, NAME)


def rows(source: Source) -> Iterator[Row]:
    """Of every content once, however often it was filed for the agency and year."""
    for batch in reports(source):
        of: dict[int, list[Report]] = defaultdict(list)
        for report in batch:
            if report.same_as is None and report.cells:
                of[report.row.reading_id].append(report)
        for fact in reads.facts(source.session, of):
            place = json_text(fact.place) if fact.place else None
            for report in of[fact.reading_id]:
                row = report.row
                yield (
                    row.report_id,
                    row.agency_id,
                    row.year,
                    row.template,
                    fact.code,
                    fact.state,
                    fact.value,
                    fact.unit,
                    fact.raw,
                    fact.certain,
                    report.current,
                    report.current_contents,
                    row.sha256,
                    place,
                    source.is_simulated(row.agency_id, row.portal),
                )


TABLE = describing.table(
    NAME,
    (
        _field("report_id", Kind.INTEGER, required=True),
        _field("agency_id", Kind.TEXT, required=True),
        _field("year", Kind.INTEGER, required=True),
        _field("template", Kind.TEXT, words=templates.load()),
        _field("code", Kind.TEXT, required=True),
        _field("state", Kind.TEXT, required=True, words=CellState, wording="cell_state"),
        _field("value", Kind.DECIMAL),
        _field("unit", Kind.TEXT, required=True),
        _field("raw", Kind.TEXT),
        _field("certain", Kind.BOOLEAN, required=True),
        _field("current", Kind.BOOLEAN, required=True),
        _field("current_contents", Kind.INTEGER, required=True),
        _field("sha256", Kind.TEXT, required=True),
        _field("place", Kind.JSON),
        _field("simulated", Kind.BOOLEAN, required=True),
    ),
    key=("report_id", "code"),
    rows=rows,
    count=lambda source: source.counts["fact"],
    references=(describing.AGENCY, Reference("report_id", "reports", "report_id")),
    indexes=("agency_id", "code", "year"),
    year="year",
)
