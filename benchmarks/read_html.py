"""Our HTML reader beside a plain BeautifulSoup grid, on the same pages: seconds, and facts exactly right.

Touches the made golden files only. Called by benchmarks.read; alone: `python -m benchmarks.read_html`. The plain
grid is the least that anyone would write: no spans, nothing hidden dropped, no paragraphs, no links. The pages
are the made ones, and the same as editors and portals dress them (styles on every cell, menus, scripts).
"""

from __future__ import annotations

import json
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from bs4 import BeautifulSoup

from crawler import reports
from crawler.formats import charset, html
from crawler.formats.html import markup, styles
from crawler.formats.html.tabular import Nesting
from crawler.model import Cell, CellState, Document, Table

MADE = Path(__file__).parent.parent / "tests" / "golden" / "made"
ROUNDS = 15
_SECONDS = 20.0  # of processor time for one kind of page, at most

_CELL = re.compile(r"<td([^>]*)>(.*?)</td>", re.S)
_DRESS = (
    '<td\\1 style="border:1.0pt solid windowtext;padding:0cm 5.4pt;mso-border-alt:solid windowtext .5pt" valign="center">'
    '<p class="MsoNormal" align="center" style="text-align:center;line-height:20.0000pt">'
    '<span style="font-family:宋体;color:#000;font-size:10.5000pt">\\2</span></p></td>'
)
_MENU = "".join(
    f'<li><a href="/zwgk/c{number}/index.html" title="栏目{number}">栏目{number}</a></li>' for number in range(120)
)
_SCRIPT = "<script>" + "var page = {};\n" * 300 + "</script>"

Read = Callable[[bytes], Document]


@dataclass(frozen=True, slots=True)
class HtmlFigures:
    """Of one kind of page: medians of the seconds for all pages once, by contestant; facts right, and all facts."""

    pages: int
    bytes: int
    seconds: dict[str, float]
    right: dict[str, int]
    facts: int


def document(data: bytes) -> Document:
    return html.read(data, "")


def grid_alone(data: bytes) -> Document:
    """The tables without paragraphs, links and metadata."""
    page = markup.parse(charset.decode(data)[0])
    styles.drop_hidden(page)
    nesting = Nesting.of(page.tables)
    found = [part for table in page.tables for part in nesting.content(table) if isinstance(part, Table)]
    return Document(format="html", blocks=tuple(found))


def soup_lxml(data: bytes) -> Document:
    return _soup(data, "lxml")


def soup_parser(data: bytes) -> Document:
    return _soup(data, "html.parser")


def _soup(data: bytes, backend: str) -> Document:
    soup = BeautifulSoup(data.decode("utf-8"), backend)
    tables = [
        tuple(
            tuple(Cell(cell.get_text(strip=True)) for cell in row.find_all(["td", "th"]))
            for row in table.find_all("tr")
        )
        for table in soup.find_all("table")
    ]
    return Document(format="html", blocks=tuple(Table(rows, spans_known=False) for rows in tables))


CONTESTANTS: dict[str, Read] = {
    "document": document,
    "grid": grid_alone,
    "soup_lxml": soup_lxml,
    "soup_parser": soup_parser,
}


def compare() -> dict[str, HtmlFigures]:
    """ "made" and "dressed" pages; the contestants take turns."""
    made = {path.stem.rsplit("-", 1)[-1]: path.read_text(encoding="utf-8") for path in sorted(MADE.glob("html-*.html"))}
    return {
        "made": _contest({template: page.encode() for template, page in made.items()}),
        "dressed": _contest({template: dressed(page).encode() for template, page in made.items()}),
    }


def dressed(page: str) -> str:
    """The page as a portal shows it: about ten times its size."""
    body = _CELL.sub(_DRESS, page.replace("<p>", '<p style="text-indent:32.0000pt;line-height:28.0000pt">'))
    around = f'<div class="menu"><ul>{_MENU}</ul></div>{_SCRIPT}<div id="zoom" class="TRS_Editor">'
    return body.replace("<body>", f"<body>{around}").replace("</body>", f"</div>{_SCRIPT}</body>")


def _contest(pages: dict[str, bytes]) -> HtmlFigures:
    seconds: dict[str, list[float]] = {name: [] for name in CONTESTANTS}
    began = time.process_time()
    for _ in range(ROUNDS):
        for name, read in CONTESTANTS.items():
            turn = time.process_time()
            for data in pages.values():
                read(data)
            seconds[name].append(time.process_time() - turn)
        if time.process_time() - began > _SECONDS:
            break
    expected = {template: _expected(template) for template in pages}
    right = {
        name: sum(_right(read(data), expected[template]) for template, data in pages.items())
        for name, read in CONTESTANTS.items()
    }
    return HtmlFigures(
        len(pages),
        sum(map(len, pages.values())),
        {name: statistics.median(spent) for name, spent in seconds.items()},
        right,
        sum(map(len, expected.values())),
    )


def _expected(template: str) -> dict[str, str]:
    facts: dict[str, str] = json.loads((MADE / f"{template}.expected.json").read_text(encoding="utf-8"))["facts"]
    return facts


def _right(read: Document, expected: dict[str, str]) -> int:
    said = {
        fact.code: format(fact.value, "f") if fact.value is not None else f"<{fact.state.value}>"
        for fact in reports.parse(read).facts
        if fact.state in (CellState.NUMBER, CellState.BLANK)
    }
    return sum(said.get(code) == value for code, value in expected.items())


if __name__ == "__main__":
    print(json.dumps({kind: asdict(figures) for kind, figures in compare().items()}))
