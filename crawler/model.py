"""What travels between the rooms: frozen values, no behaviour beyond their own reading.

May touch nothing: no file, no socket, no clock, no database. Every other module imports from here.
Long, because it is the list of all that travels.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any


class CellState(StrEnum):
    """What a statutory cell turned out to be; a blank and a nought are never the same thing."""

    NUMBER = "number"  # a number stands there
    BLANK = "blank"  # the cell is there and is empty
    OPEN = "open"  # something stands there, the document does not determine to which cell it belongs
    ABSENT = "absent"  # the document has no such row or column
    UNREADABLE = "unreadable"  # something stands there that is no number


class LookOutcome(StrEnum):
    """How one visit to one column ended. Only HEALTHY (and EMPTY) proves that something is not there."""

    HEALTHY = "healthy"  # the right column answered, every page of it was read
    EMPTY = "empty"  # the column itself says that it holds nothing
    EMPTIED = "emptied"  # entries were here before and all are gone: a changed site, not an absence
    TRANSPORT_ERROR = "transport_error"  # DNS, TLS, time-out, connection refused or cut
    SERVER_ERROR = "server_error"  # 5xx
    DENIED = "denied"  # 401, 403, 405, 429, or robots.txt forbids or cannot be read
    CHALLENGE = "challenge"  # an anti-bot page (521, 412, captcha …)
    SOFT_404 = "soft_404"  # 404, "page does not exist", or a redirect to the home page
    MOVED = "moved"  # a redirect to another host or column, or a page of another site or column
    HIJACKED = "hijacked"  # gambling on a registered host: the domain is possibly lost
    SHELL = "shell"  # an answer without the list (template placeholders, script-only page)
    INCOMPLETE = "incomplete"  # a later list page failed, or a bound (pages, bytes, seconds) was reached

    @property
    def proves_absence(self) -> bool:
        return self in (LookOutcome.HEALTHY, LookOutcome.EMPTY)


class DateSource(StrEnum):
    """Where a date was read. The order is no ranking: conflicts are kept and shown."""

    LIST = "list"  # beside the entry on the column page
    META = "meta"  # <meta name="PubDate">
    SHOWN = "shown"  # the visible 发布时间 line of the page
    ADDRESS = "address"  # in the URL (t20210126_…, /art/2021/1/26/…)
    HEADER = "header"  # the index header's 发布日期
    WRITTEN = "written"  # the index header's 成文日期 or 生成日期: a document date, no publication
    DATA = "data"  # create_time in the data of a gkmlpt page (portals.md): its 发布日期
    ID_TIME = "id_time"  # in an id in the URL (snowflake, ObjectId) or created_at: when this CMS made its row
    UPDATED = "updated"  # the visible 更新时间: the page was touched
    GENERATED = "generated"  # 页面生成时间, HtmlGenerateTime: when the file was written, an upper bound only
    LAST_MODIFIED = "last_modified"  # HTTP header: an upper bound only
    SIGNATURE = "signature"  # the line below the text: a document date, a lower bound

    @property
    def claims_publication(self) -> bool:
        """Whether the agency says by it: published on this day."""
        return self in _CLAIMS

    @property
    def is_of_the_document(self) -> bool:
        """Whether it is the day of the document: a lower bound of its publication."""
        return self in (DateSource.WRITTEN, DateSource.SIGNATURE)

    @property
    def is_own_word(self) -> bool:
        """Whether the report's own page says so in words: not the list, whose dates are often those of the document,

        and not the address, which says when a system stored the page."""
        return self in (DateSource.META, DateSource.SHOWN, DateSource.HEADER, DateSource.DATA)


_CLAIMS = frozenset(
    (DateSource.LIST, DateSource.META, DateSource.SHOWN, DateSource.ADDRESS, DateSource.HEADER, DateSource.DATA)
)


@dataclass(frozen=True, slots=True)
class DateEvidence:
    """One date with its source. `value` is a calendar day in Asia/Shanghai; `raw` is as it stood."""

    source: DateSource
    value: dt.date
    raw: str

    def as_json(self) -> dict[str, str]:
        return {"source": self.source.value, "value": self.value.isoformat(), "raw": self.raw}


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page: points (1/72 inch) from the page's top left corner; pages are counted from 1."""

    page: int
    left: float
    top: float
    right: float
    bottom: float

    def as_json(self) -> list[float]:
        """[page, left, top, right, bottom], to a tenth of a point."""
        return [self.page, *(round(edge, 1) for edge in (self.left, self.top, self.right, self.bottom))]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a document something stands. Counted from 1, as a person counts.

    Tables are counted over the document, rows and columns within the expanded grid; `block` counts
    paragraphs and tables together; labels are as printed. `box` is set where the format has pages.
    """

    block: int
    table: int | None = None
    row: int | None = None
    column: int | None = None
    page: int | None = None
    row_label: str = ""
    column_label: str = ""
    box: Box | None = None

    def __str__(self) -> str:
        if self.table is None:
            return f"段{self.block}"
        place = f"表{self.table}"
        if self.page is not None:
            place = f"页{self.page} {place}"
        if self.row is not None:
            place += f" 行{self.row}"
        if self.column is not None:
            place += f" 列{self.column}"
        labels = " × ".join(label for label in (self.row_label, self.column_label) if label)
        return f"{place}（{labels}）" if labels else place

    def as_json(self) -> dict[str, Any]:
        """The fields that are set, for the store and for exports."""
        names = ("block", "table", "row", "column", "page", "row_label", "column_label")
        values = {name: getattr(self, name) for name in names}
        found = {name: value for name, value in values.items() if value not in (None, "")}
        return found | {"box": self.box.as_json()} if self.box else found


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a grid.

    `repeated`: the text stands in a neighbour whose span covers this place. `missing`: the source has no
    cell here, its row is shorter than the grid. `rows` × `columns`: the size of the span that begins here.
    `confidence`: 1 where the characters themselves were in the file; less where a picture was recognised, then
    that of the least certain character.
    """

    text: str
    repeated: bool = False
    missing: bool = False
    rows: int = 1
    columns: int = 1
    box: Box | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """A grid of cells.

    `spans_known`: True where the source states its spans (HTML, DOCX, XLSX) or draws them (the ruling lines of
    a PDF, an OFD, a scan) and every row has been expanded to the same width (short rows end in `missing`
    cells); False where it does not (text dumps, tables without lines), so that rows may be ragged. A table that
    goes on over several pages is one table; `page` is its first.
    """

    rows: tuple[tuple[Cell, ...], ...]
    spans_known: bool
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    heading: bool = False
    page: int | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the document: absolute or as written, with its text."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """What a format module makes of bytes: text blocks and grids in reading order, nothing judged yet.

    `recognised`: the text of at least one page came from a picture, by OCR.
    """

    format: str  # name of the format module: html, text …
    blocks: tuple[Paragraph | Table, ...]
    title: str = ""  # <title>, ArticleTitle or the document property, as it stands
    metadata: tuple[tuple[str, str], ...] = ()  # (name in lower case, value), repeats kept
    links: tuple[Link, ...] = ()
    issues: tuple[Issue, ...] = ()
    recognised: bool = False


@dataclass(frozen=True, slots=True)
class Issue:
    """Something the reader could not settle. `kind` is a stable word, `message` is for people (Chinese)."""

    kind: str
    message: str
    place: Place | None = None

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "message": self.message, "place": self.place.as_json() if self.place else None}


@dataclass(frozen=True, slots=True)
class Fact:
    """One statutory cell as read. `value` is None unless `state` is NUMBER; money is in yuan.

    `certain`: False for what was recognised in a picture and is not confirmed by the form's own sums. Nothing is
    said against an agency on the ground of an uncertain cell.
    """

    code: str
    state: CellState
    unit: str
    value: Decimal | None = None
    raw: str = ""
    place: Place | None = None
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Proposal:
    """The one value that a cell can have by the form's sums, where the cell itself could not be read.

    Inferred, never read: it is no fact, fills no fact, and stands in no statistic. `identities`: the sums that
    leave this solution; they all agree on it, and at least one goes along the row and one along the column.
    """

    code: str
    value: Decimal
    unit: str
    identities: tuple[str, ...]
    place: Place | None = None
    raw: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "value": format(self.value, "f"),
            "unit": self.unit,
            "identities": list(self.identities),
            "raw": self.raw,
            "place": self.place.as_json() if self.place else None,
        }


@dataclass(frozen=True, slots=True)
class Statement:
    """A number that a sentence gives. `about`: marked by 余, 约, 近 … `raw` is the sentence's words.

    `certain`: False where the words were recognised in a picture.
    """

    key: str  # one of crawler.reports.narrative.KEYS: requests_received, granted, review_cases …
    value: Decimal
    raw: str
    place: Place
    about: bool = False
    certain: bool = True

    def as_json(self) -> dict[str, Any]:
        """`value` in exact digits without exponent: JSON's own numbers are not exact."""
        return {
            "key": self.key,
            "value": format(self.value, "f"),
            "about": self.about,
            "certain": self.certain,
            "raw": self.raw,
            "place": self.place.as_json(),
        }


@dataclass(frozen=True, slots=True)
class Notice:
    """Words by which a document says of itself that it was corrected. `where`: title, text; `text`: around the words."""

    words: str
    where: str
    text: str
    block: int | None = None  # counted from 1, in the text

    def as_json(self) -> dict[str, Any]:
        said = {"words": self.words, "where": self.where, "text": self.text}
        return said if self.block is None else said | {"block": self.block}


@dataclass(frozen=True, slots=True)
class IdentityResult:
    """One arithmetic identity of the form with both of its sides, e.g. received + carried_in = …

    `holds` is None where a cell of it is no number: then nothing is said. `certain`: every cell of it was read
    with certainty; only then is a broken identity the report's own, else the reader may be to blame.
    """

    identity: str  # id from the template's YAML
    description: str
    left_codes: tuple[str, ...]
    right_codes: tuple[str, ...]
    left: Decimal | None
    right: Decimal | None
    holds: bool | None
    certain: bool = True

    def as_json(self) -> dict[str, Any]:
        return {
            "identity": self.identity,
            "description": self.description,
            "left_codes": list(self.left_codes),
            "right_codes": list(self.right_codes),
            "left": None if self.left is None else format(self.left, "f"),
            "right": None if self.right is None else format(self.right, "f"),
            "holds": self.holds,
            "certain": self.certain,
        }


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is left of a report for telling whether another one is a copy of it (crawler.reports.fingerprint).

    `figures`: a hash of every cell of tables two and three that is not nought, empty where none is; `numbers`: how many
    different numbers of two digits or more are among them. `clauses`: hash → length in signs, of the text of sections
    one and five without numbers and names.
    """

    figures: str
    numbers: int
    clauses: tuple[tuple[int, int], ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "figures": self.figures,
            "numbers": self.numbers,
            "clauses": [list(clause) for clause in self.clauses],
        }


@dataclass(frozen=True, slots=True)
class ParsedReport:
    """One report as read: everything it states, everything the reader could not settle."""

    is_report: bool
    agency: str | None
    year: int | None
    template: str | None  # "2008", "2014", "2019", "2021"
    signed_on: dt.date | None
    period: tuple[dt.date, dt.date] | None
    title: str
    facts: tuple[Fact, ...] = ()
    statements: tuple[Statement, ...] = ()
    identities: tuple[IdentityResult, ...] = ()  # all that were evaluated, broken or not
    proposals: tuple[Proposal, ...] = ()
    notices: tuple[Notice, ...] = ()
    fingerprint: Fingerprint | None = None
    dates: tuple[DateEvidence, ...] = ()
    issues: tuple[Issue, ...] = ()
    evidence: dict[str, str] = field(default_factory=dict)  # "agency", "year", "template" → why
