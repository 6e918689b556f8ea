"""Reports printed by Chromium and by LibreOffice in the styles that offices use: every cell exact, or open.

Starts real programs (Chromium, soffice); nothing leaves the machine.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from crawler import formats, reports
from crawler.errors import ReadError
from crawler.model import CellState, ParsedReport
from tests.golden.forms import InventedReport, invented
from tests.golden.make import expectation
from tests.golden.renderers import pdf as renderer
from tests.golden.test_made import said
from tests.servers.browser import running_chromium

pytestmark = pytest.mark.integration

EXACT = {
    "double lines": "td { border: 2.5pt double #000 }",
    "dotted lines": "td { border: 1pt dotted #000 }",
    "dashed lines": "td { border: 1pt dashed #000 }",
    "thick lines": "td { border: 3pt solid #333 }",
    "hairlines in grey": "td { border: 0.25pt solid #ccc; background: #f8f8f8 }",
    "white lines on a coloured ground": "td { border-color: #fff; background: #def }",
    "each cell its own border": "table { border-collapse: separate; border-spacing: 1.5pt }",
    "small print": "table { font-size: 4.5pt; line-height: 1.2 } td { padding: 1pt }",
    "narrow": "table { width: 70% } td { padding: 1pt }",
    "wide letters": "td { letter-spacing: 1.5pt }",
    "bold": "td { font-weight: bold }",
    "bold by stroke": "body { -webkit-text-stroke: 0.3pt #000 }",
    "bold by shadow": "td { text-shadow: 0.3px 0 #000 }",
    "landscape": "@page { size: A4 landscape }",
    "A5": "@page { size: A5 }",
    "sans serif": 'body { font-family: "Noto Sans CJK SC" }',
    "rows cut by the page": "tr { break-inside: auto } td { padding: 8pt 3pt; line-height: 2.2 }",
    "rows cut by the page, text at the top": "tr { break-inside: auto } td { vertical-align: top; line-height: 2.6 }",
    "labels written downwards": "td[rowspan]:first-child { writing-mode: vertical-rl }",
}
IN_DOUBT = {
    "no upright lines": "td { border-left: 0; border-right: 0 }",
    "no lines": "td { border: 0 }",
    "no outer border": "table { border-style: hidden }",
}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


def printed(browser: Browser, report: InventedReport, style: str, *, header: bool = False) -> ParsedReport:
    tab = browser.new_page()
    try:
        tab.set_content(renderer.page(report, style))
        data = tab.pdf(
            prefer_css_page_size=True,
            print_background=True,
            display_header_footer=header,
            header_template="<span style='font-size:8pt'>示例市政务公开</span>",
            footer_template="<span style='font-size:8pt'>第 <span class='pageNumber'></span> 页</span>",
        )
    finally:
        tab.close()
    return reports.parse(formats.read(data))


def wrong(report: InventedReport, read: ParsedReport) -> dict[str, str]:
    """Cells with a value or a blank that is not the report's; open and unreadable ones are not wrong."""
    known = expectation(report)["facts"]
    settled = [fact for fact in read.facts if fact.state in (CellState.NUMBER, CellState.BLANK)]
    found = {fact.code: format(fact.value, "f") if fact.value is not None else "<blank>" for fact in settled}
    return {code: value for code, value in found.items() if value != known[code]}


@pytest.mark.parametrize(
    ("template", "style"),
    [*(("2021", style) for style in EXACT), ("2019", "A5"), ("2019", "rows cut by the page"), ("2014", "A5")],
)
def test_styles(chromium: Browser, template: str, style: str) -> None:
    report = invented(template, 3)
    assert said(printed(chromium, report, EXACT[style])) == expectation(report)


@pytest.mark.parametrize("template", ["2014", "2021"])
def test_running_heads_and_page_numbers(chromium: Browser, template: str) -> None:
    report = invented(template, 4)
    assert said(printed(chromium, report, "", header=True)) == expectation(report)


@pytest.mark.parametrize("style", IN_DOUBT)
@pytest.mark.parametrize("template", ["2014", "2021"])
def test_what_the_lines_do_not_settle_is_open(chromium: Browser, template: str, style: str) -> None:
    report = invented(template, 5)
    read = printed(chromium, report, IN_DOUBT[style])
    assert wrong(report, read) == {}
    assert read.issues or said(read) == expectation(report)


def by_office(folder: Path, report: InventedReport, options: str = "") -> bytes:
    """The report as LibreOffice Writer exports it."""
    program = shutil.which("soffice")
    if program is None:
        pytest.fail("LibreOffice is not installed. On Debian: apt-get install libreoffice-writer", pytrace=False)
    markup = renderer.page(report)
    markup = markup.replace("<table>", '<table border="1" cellspacing="0" cellpadding="2" width="100%">')
    source = folder / "report.html"
    source.write_text(re.sub("<h1>", '<h1 align="center">', markup), encoding="utf-8")
    subprocess.run(
        [
            program,
            "--headless",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--infilter=HTML (StarWriter)",
            "--convert-to",
            f"pdf:writer_pdf_Export{options}",
            "--outdir",
            str(folder),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return (folder / "report.pdf").read_bytes()


@pytest.mark.parametrize("template", ["2014", "2019", "2021"])
def test_by_libreoffice(tmp_path: Path, template: str) -> None:
    """Its rows break over pages, its label cells too."""
    report = invented(template, 6)
    assert said(reports.parse(formats.read(by_office(tmp_path, report)))) == expectation(report)


def test_by_libreoffice_with_a_password(tmp_path: Path) -> None:
    options = (
        ':{"EncryptFile":{"type":"boolean","value":"true"},"DocumentOpenPassword":{"type":"string","value":"geheim"}}'
    )
    with pytest.raises(ReadError, match="密码"):
        formats.read(by_office(tmp_path, invented("2021", 6), options))


def test_by_libreoffice_without_leave_to_copy(tmp_path: Path) -> None:
    """Encrypted, yet open to everyone: what anybody may look at is read."""
    options = (
        ':{"RestrictPermissions":{"type":"boolean","value":"true"},'
        '"PermissionPassword":{"type":"string","value":"geheim"},"EnableCopyingOfContent":{"type":"boolean","value":"false"}}'
    )
    report = invented("2021", 6)
    assert said(reports.parse(formats.read(by_office(tmp_path, report, options)))) == expectation(report)
