"""An OFD (GB/T 33190—2016) as the converters of office programs write it: one text object a line, lines as paths."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from html import escape

from tests.golden import paper
from tests.golden.forms import InventedReport
from tests.golden.paper import Page, Text

SUFFIX = "ofd"

_NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MM = 25.4 / 72
_BASE = 0.86  # from the top of a line's box to its base line, in sizes
_MADE = (2023, 1, 1, 0, 0, 0)  # the same bytes at every making


def render(report: InventedReport) -> bytes:
    pages = paper.set_report(report)
    names = [f"Pages/Page_{number}/Content.xml" for number in range(len(pages))]
    parts = {
        "OFD.xml": f'<ofd:OFD {_NAMESPACE} DocType="OFD" Version="1.0"><ofd:DocBody><ofd:DocInfo>'
        f"<ofd:DocID>{'0' * 31}1</ofd:DocID><ofd:Title>{escape(report.title)}</ofd:Title>"
        "<ofd:CreationDate>2023-01-01</ofd:CreationDate></ofd:DocInfo>"
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {_NAMESPACE}><ofd:CommonData><ofd:MaxUnitID>100000</ofd:MaxUnitID>"
        "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
        "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes><ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>"
        "</ofd:CommonData><ofd:Pages>"
        + "".join(f'<ofd:Page ID="{number + 1}" BaseLoc="{name}"/>' for number, name in enumerate(names))
        + "</ofd:Pages></ofd:Document>",
        "Doc_0/PublicRes.xml": f'<ofd:Res {_NAMESPACE} BaseLoc="Res"><ofd:Fonts>'
        '<ofd:Font ID="3" FontName="宋体" FamilyName="宋体"/></ofd:Fonts></ofd:Res>',
        "Doc_0/DocumentRes.xml": f'<ofd:Res {_NAMESPACE} BaseLoc="Res"/>',
    }
    for number, (name, page) in enumerate(zip(names, pages, strict=True)):
        parts[f"Doc_0/{name}"] = _content(page, 1_000 * (number + 1))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as container:
        for name, text in parts.items():
            container.writestr(zipfile.ZipInfo(name, _MADE), _HEAD + text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _content(page: Page, first_id: int) -> str:
    objects = [*_paths(page, first_id + 1), *(_text(text, first_id + 500 + n) for n, text in enumerate(page.texts))]
    return (
        f"<ofd:Page {_NAMESPACE}><ofd:Area><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:Area>"
        f'<ofd:Content><ofd:Layer ID="{first_id}" Type="Body">{"".join(objects)}</ofd:Layer></ofd:Content></ofd:Page>'
    )


def _paths(page: Page, first_id: int) -> Iterator[str]:
    for number, stroke in enumerate(dict.fromkeys(page.strokes)):
        left, top = stroke.left * _MM, stroke.top * _MM
        wide, high = (stroke.right - stroke.left) * _MM, (stroke.bottom - stroke.top) * _MM
        yield (
            f'<ofd:PathObject ID="{first_id + number}" Boundary="{left:.3f} {top:.3f} {wide + 0.2:.3f} {high + 0.2:.3f}"'
            ' LineWidth="0.176"><ofd:StrokeColor Value="0 0 0"/>'
            f"<ofd:AbbreviatedData>M 0 0 L {wide:.3f} {high:.3f}</ofd:AbbreviatedData></ofd:PathObject>"
        )


def _text(text: Text, number: int) -> str:
    size = text.size * _MM
    wide = paper.width_of(text.text, text.size) * _MM
    left = text.x * _MM - {"left": 0.0, "middle": wide / 2, "right": wide}[text.anchor]
    top = text.y * _MM - size / 2
    return (
        f'<ofd:TextObject ID="{number}" Boundary="{left:.3f} {top:.3f} {wide:.3f} {size:.3f}" Font="3" Size="{size:.3f}"'
        f'{" Weight=" + chr(34) + "700" + chr(34) if text.bold else ""}><ofd:FillColor Value="0 0 0"/>'
        f'<ofd:TextCode X="0" Y="{_BASE * size:.3f}"{_deltas(text)}>{escape(text.text)}</ofd:TextCode></ofd:TextObject>'
    )


def _deltas(text: Text) -> str:
    """The distances from character to character, equal neighbours as "g COUNT VALUE"."""
    steps = [f"{paper.width_of(sign, text.size) * _MM:.3f}" for sign in text.text[:-1]]
    words: list[str] = []
    while steps:
        same = next((number for number, step in enumerate(steps) if step != steps[0]), len(steps))
        words += ["g", str(same), steps[0]] if same > 1 else [steps[0]]
        steps = steps[same:]
    return f' DeltaX="{" ".join(words)}"' if words else ""
