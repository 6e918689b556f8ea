"""The facts in wide form: one table a template, one row a report, one column a code. Reads the store through the source.

A column holds the number, or nothing. What "nothing" means is said beside it: `blank`, `open`, `absent` and `unreadable`
list the codes of that row that are so, so that no empty cell is taken for a nought. `uncertain` lists numbers that were
recognised in a picture and not confirmed.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from itertools import groupby

from crawler.model import CellState
from crawler.reports import templates
from crawler.reports.templates import Template
from crawler.store.reads import exports as reads
from crawler.store.reads.exports import FactLine
from monitor.exports.filed import Report, reports
from monitor.exports.model import Field, Kind, Reference, Row, Table
from monitor.exports.source import Source
from monitor.exports.tables import describing
from monitor.wording import say

NOT_A_NUMBER = tuple(state for state in CellState if state is not CellState.NUMBER)


def _rows(template: Template, source: Source) -> Iterator[Row]:
    """Of every content once. A fact with a code that the template does not have stands in the long form only."""
    codes = [cell.code for cell in template.cells()]
    for batch in reports(source):
        of: dict[int, list[Report]] = defaultdict(list)
        for report in batch:
            if report.same_as is None and report.cells and report.row.template == template.template:
                of[report.row.reading_id].append(report)
        facts = reads.facts(source.session, of)
        for reading_id, found in groupby(facts, key=lambda fact: fact.reading_id):
            by_code = {fact.code: fact for fact in found}
            cells = _cells(codes, by_code)
            for report in of[reading_id]:
                row = report.row
                yield (
                    row.report_id,
                    row.agency_id,
                    row.year,
                    report.current,
                    report.current_contents,
                    row.sha256,
                    *cells,
                    source.is_simulated(row.agency_id, row.portal),
                )


def _cells(codes: list[str], facts: dict[str, FactLine]) -> tuple[Decimal | str | None, ...]:
    """The numbers; then, for each state but number, the codes that are in it, and those that are uncertain."""
    values = [facts[code].value if code in facts else None for code in codes]
    states = {code: facts[code].state if code in facts else CellState.ABSENT for code in codes}
    listed = [" ".join(code for code in codes if states[code] == state) for state in NOT_A_NUMBER]
    uncertain = " ".join(code for code in codes if code in facts and not facts[code].certain)
    return *values, *listed, uncertain


def _field_of(template: Template) -> Iterator[Field]:
    for cell in template.cells():
        zh = f"{cell.row_label} × {cell.column_label}（{cell.unit}）"
        yield Field(cell.code, Kind.DECIMAL, zh, f"{english(cell.code)} ({unit_in_english(cell.unit)})")


def english(code: str) -> str:
    """A code in words: requests.carried_in.natural_person → requests, carried in, natural person."""
    return code.replace(".", ", ").replace("_", " ")


def unit_in_english(unit: str) -> str:
    return say(f"export_unit.{unit}", "en")


def _table(template: Template) -> Table:
    name = f"facts_{template.template}"
    own = partial(describing.field, "wide")
    return Table(
        name=name,
        zh=say("export_wide.title", "zh", template=template.template),
        en=say("export_wide.title", "en", template=template.template),
        about_zh=say("export_wide.about", "zh", name=template.name, citation=template.citation),
        about_en=say("export_wide.about", "en", name=template.name, citation=template.citation),
        fields=(
            own("report_id", Kind.INTEGER, required=True),
            own("agency_id", Kind.TEXT, required=True),
            own("year", Kind.INTEGER, required=True),
            own("current", Kind.BOOLEAN, required=True),
            own("current_contents", Kind.INTEGER, required=True),
            own("sha256", Kind.TEXT, required=True),
            *_field_of(template),
            *(own(state.value, Kind.TEXT) for state in NOT_A_NUMBER),
            own("uncertain", Kind.TEXT),
            own("simulated", Kind.BOOLEAN, required=True),
        ),
        key=("report_id",),
        rows=partial(_rows, template),
        count=lambda source: source.templates.get(template.template, 0),
        references=(describing.AGENCY, Reference("report_id", "reports", "report_id")),
        indexes=("agency_id", "year"),
        year="year",
    )


TABLES = tuple(_table(template) for template in templates.load().values() if template.blocks)
