"""A page as an office prints it to PDF: A4, collapsed borders, table three over two pages; drawn by Chromium.

Starts a headless Chromium of the system: the made files are kept, so that only making them anew needs it.
"""

from __future__ import annotations

from html import escape

from tests.golden.forms import Grid, InventedReport
from tests.golden.pages import block_html
from tests.servers.browser import running_chromium

SUFFIX = "pdf"

_STYLE = """
@page { size: A4; margin: 25mm 22mm; }
body { font: 12pt/1.8 "Noto Serif CJK SC", serif; margin: 0; }
h1 { font-size: 20pt; text-align: center; line-height: 1.4; }
h2 { font-size: 14pt; margin: 12pt 0 6pt; }
p { text-indent: 2em; margin: 0; text-align: justify; }
p.signed { text-align: right; }
table { border-collapse: collapse; width: 100%; font-size: 9pt; line-height: 1.5; margin: 6pt 0; }
td { border: 0.75pt solid #000; padding: 3pt; text-align: center; vertical-align: middle; }
tr { break-inside: avoid; }
"""


def page(report: InventedReport, style: str = "") -> str:
    """The report as one HTML page for printing; `style` is added to the style sheet of an office."""
    parts = []
    for number, block in enumerate(report.blocks):
        if isinstance(block, Grid):
            parts.append(block_html(block))
        elif block.heading:
            level = "h1" if number == 0 else "h2"
            parts.append(f"<{level}>{escape(block.text)}</{level}>")
        else:
            signed = ' class="signed"' if block.text in _signature(report) else ""
            parts.append(f"<p{signed}>{escape(block.text)}</p>")
    head = f'<meta charset="utf-8"><title>{escape(report.title)}</title><style>{_STYLE}{style}</style>'
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN"><head>{head}</head>\n<body>\n' + "\n".join(parts) + "\n</body></html>\n"
    )


def _signature(report: InventedReport) -> tuple[str, str]:
    day = report.signed_on
    return report.agency, f"{day.year}年{day.month}月{day.day}日"


def printed(markup: str) -> bytes:
    """A page as Chromium prints it, in the size that the page's own style asks for."""
    with running_chromium() as browser:
        tab = browser.new_page()
        tab.set_content(markup)
        return tab.pdf(prefer_css_page_size=True, print_background=True)


def render(report: InventedReport) -> bytes:
    return printed(page(report))
