"""The data dictionary, itself data: every code of every form, every field of every table, every word that may stand in one.

Reads the templates; needs no store.
"""

from collections.abc import Iterator
from functools import partial

from crawler.reports import templates
from monitor.exports.model import Kind, Row, Table
from monitor.exports.tables import describing
from monitor.exports.tables.wide import english, unit_in_english
from monitor.wording import keys, say

_indicator = partial(describing.field, "indicators")
_field = partial(describing.field, "fields")
_word = partial(describing.field, "words")


def indicator_rows() -> Iterator[Row]:
    """The cells of every form, in the order of the form."""
    for form in templates.load().values():
        for place, cell in enumerate(form.cells(), 1):
            yield (
                form.template,
                cell.code,
                place,
                cell.section,
                cell.row_label,
                cell.column_label,
                english(cell.code),
                cell.unit,
                unit_in_english(cell.unit),
                form.citation,
            )


def field_rows() -> Iterator[Row]:
    """The fields of every table, these three included."""
    for table in _tables().values():
        references = {one.field: f"{one.table}.{one.key}" for one in table.references}
        for place, one in enumerate(table.fields, 1):
            yield (
                table.name,
                one.name,
                place,
                one.kind.value,
                one.required,
                one.name in table.key,
                references.get(one.name),
                one.zh,
                one.en,
            )


def word_rows() -> Iterator[Row]:
    """What the words of closed lists mean."""
    for table in _tables().values():
        for one in table.fields:
            for word in one.words or _open_words(one.wording):
                key = f"{one.wording}.{word}"
                if one.wording and key in keys():
                    yield table.name, one.name, str(word), say(key, "zh"), say(key, "en")


def _open_words(wording: str) -> tuple[str, ...]:
    """Of a field whose words are no closed list: all that have a name."""
    start = f"{wording}."
    return tuple(sorted(key.removeprefix(start) for key in keys() if key.startswith(start))) if wording else ()


def _tables() -> dict[str, Table]:
    # Not at the top: the dictionary describes the list that it is itself in.
    from monitor.exports.tables import TABLES

    return TABLES


INDICATORS = describing.table(
    "indicators",
    (
        _indicator("template", Kind.TEXT, required=True),
        _indicator("code", Kind.TEXT, required=True),
        _indicator("position", Kind.INTEGER, required=True),
        _indicator("section", Kind.TEXT, required=True),
        _indicator("row_label_zh", Kind.TEXT, required=True),
        _indicator("column_label_zh", Kind.TEXT, required=True),
        _indicator("label_en", Kind.TEXT, required=True),
        _indicator("unit_zh", Kind.TEXT, required=True),
        _indicator("unit_en", Kind.TEXT, required=True),
        _indicator("citation", Kind.TEXT, required=True),
    ),
    key=("template", "code"),
    rows=lambda _source: indicator_rows(),
    count=lambda _source: sum(1 for _ in indicator_rows()),
    indexes=("code",),
    search=("row_label_zh", "column_label_zh", "label_en"),
)
FIELDS = describing.table(
    "fields",
    (
        _field("table", Kind.TEXT, required=True),
        _field("field", Kind.TEXT, required=True),
        _field("position", Kind.INTEGER, required=True),
        _field("type", Kind.TEXT, required=True, words=Kind, wording="export_kind"),
        _field("required", Kind.BOOLEAN, required=True),
        _field("in_key", Kind.BOOLEAN, required=True),
        _field("refers_to", Kind.TEXT),
        _field("description_zh", Kind.TEXT, required=True),
        _field("description_en", Kind.TEXT, required=True),
    ),
    key=("table", "field"),
    rows=lambda _source: field_rows(),
    count=lambda _source: sum(1 for _ in field_rows()),
)
WORDS = describing.table(
    "words",
    (
        _word("table", Kind.TEXT, required=True),
        _word("field", Kind.TEXT, required=True),
        _word("word", Kind.TEXT, required=True),
        _word("meaning_zh", Kind.TEXT, required=True),
        _word("meaning_en", Kind.TEXT, required=True),
    ),
    key=("table", "field", "word"),
    rows=lambda _source: word_rows(),
    count=lambda _source: sum(1 for _ in word_rows()),
)
