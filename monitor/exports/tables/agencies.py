"""The registry as a table. Reads agencies.csv through the source."""

from collections.abc import Iterator
from functools import partial

from config.agencies import row_of
from config.schema import AgencyKind, Level
from monitor.exports.model import Kind, Reference, Row
from monitor.exports.source import Source
from monitor.exports.tables import describing

NAME = "agencies"
_field = partial(describing.field, NAME)


def rows(source: Source) -> Iterator[Row]:
    """Lists within a cell are written as in agencies.csv, with | or a comma between them."""
    for agency in source.registry.agencies():
        row = row_of(agency)
        yield (
            agency.id,
            agency.name,
            row["aliases"],
            row["former_names"],
            row["sites"],
            agency.credit_code,
            agency.region_code,
            agency.region,
            agency.kind.value,
            agency.level.value,
            agency.supervisor,
            agency.valid_from,
            agency.valid_to,
            agency.predecessor,
            row["watched_years"],
            agency.invented,
        )


TABLE = describing.table(
    NAME,
    (
        _field("agency_id", Kind.TEXT, required=True),
        _field("name", Kind.TEXT, required=True),
        _field("aliases", Kind.TEXT),
        _field("former_names", Kind.TEXT),
        _field("sites", Kind.TEXT),
        _field("credit_code", Kind.TEXT),
        _field("region_code", Kind.TEXT, required=True),
        _field("region", Kind.TEXT, required=True),
        _field("kind", Kind.TEXT, required=True, words=AgencyKind, wording="agency_kind"),
        _field("level", Kind.TEXT, required=True, words=Level, wording="level"),
        _field("supervisor", Kind.TEXT),
        _field("valid_from", Kind.DAY),
        _field("valid_to", Kind.DAY),
        _field("predecessor", Kind.TEXT),
        _field("watched_years", Kind.TEXT),
        _field("invented", Kind.BOOLEAN, required=True),
    ),
    key=("agency_id",),
    rows=rows,
    count=lambda source: len(source.registry.known),
    references=(Reference("predecessor", NAME, "agency_id"),),
    indexes=("region_code", "supervisor", "kind"),
    search=("name", "aliases", "former_names", "region"),
)
