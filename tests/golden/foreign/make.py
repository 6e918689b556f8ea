"""Writes the files of other programs anew: `python -m tests.golden.foreign.make`.

Each draws one of the invented reports, so that the expectations are those of tests/golden/made. Starts LibreOffice
and Chromium; touches tests/golden/foreign/files only.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.golden.foreign import wordlike
from tests.golden.forms import InventedReport, invented
from tests.golden.renderers import docx, html, xlsx
from tests.golden.renderers.libreoffice import saved_as
from tests.golden.renderers.pdf import page, printed

FILES = Path(__file__).parent / "files"

_LETTER = "@page { size: letter landscape; margin: 15mm; } body { font-family: 'Noto Sans CJK SC', sans-serif; }"

Maker = Callable[[InventedReport], bytes]


def _writer(target: str) -> Maker:
    return lambda report: saved_as(docx.render(report), "docx", target)


def _calc(target: str) -> Maker:
    return lambda report: saved_as(xlsx.render(report), "xlsx", target)


# Name of the file without the form → who writes it.
MAKERS: dict[str, Maker] = {
    "libreoffice-writer.docx": lambda report: saved_as(saved_as(docx.render(report), "docx", "odt"), "odt", "docx"),
    "libreoffice-page.docx": lambda report: saved_as(saved_as(html.render(report), "html", "odt"), "odt", "docx"),
    "libreoffice-writer.doc": _writer("doc"),
    "libreoffice-writer.odt": _writer("odt"),
    "libreoffice-writer.rtf": _writer("rtf"),
    "libreoffice-writer.pdf": _writer("pdf"),
    "libreoffice-writer.html": _writer("html"),
    "libreoffice-calc.xlsx": lambda report: saved_as(saved_as(xlsx.render(report), "xlsx", "ods"), "ods", "xlsx"),
    "libreoffice-calc.xls": _calc("xls"),
    "libreoffice-calc.ods": _calc("ods"),
    "chromium.pdf": lambda report: printed(page(report, _LETTER)),
    "word-like.docx": lambda report: wordlike.as_word(docx.render(report)),
    "wps-like.docx": lambda report: wordlike.as_wps(docx.render(report)),
    "wps-like.wps": lambda report: saved_as(wordlike.as_wps(docx.render(report)), "docx", "doc"),
}
TEMPLATES = ("2014", "2019", "2021")
BY_LIBREOFFICE = (".doc", ".odt", ".rtf", ".xls", ".ods", ".wps")  # read by way of it


def file_of(name: str, template: str) -> Path:
    stem, _, suffix = name.rpartition(".")
    return FILES / f"{stem}-{template}.{suffix}"


def main() -> None:
    FILES.mkdir(exist_ok=True)
    for template in TEMPLATES:
        report = invented(template)
        for name, maker in MAKERS.items():
            file_of(name, template).write_bytes(maker(report))


if __name__ == "__main__":
    main()
