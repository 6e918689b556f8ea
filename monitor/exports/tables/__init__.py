"""The exported tables: one line each, in an order in which every reference leads to a table above it or to the same one.

Their texts are in monitor/wording/exports.yml.
"""

from monitor.exports.model import Table
from monitor.exports.tables import agencies, coverage, dictionary, facts, judged, reports, versions, wide

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        agencies.TABLE,
        coverage.TABLE,
        reports.TABLE,
        versions.TABLE,
        facts.TABLE,
        *wide.TABLES,
        judged.CHANGES,
        judged.FINDINGS,
        judged.EVENTS,
        dictionary.INDICATORS,
        dictionary.FIELDS,
        dictionary.WORDS,
    )
}
