"""Small Office containers for tests, written part by part."""

from __future__ import annotations

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT_W = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_R = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_NAMESPACES = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def zipped(parts: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in parts.items():
            container.writestr(name, content)
    return stream.getvalue()


def docx(body: str, *, styles: str = "", links: str = "", strict: bool = False, before: str = "") -> bytes:
    """`body`, `styles` and `links`: what stands within <w:body>, <w:styles> and the relations; `before` the root."""
    word, kinds = (STRICT_W, _STRICT_R) if strict else (W, _R)
    relations = f'<Relationship Id="s" Type="{kinds}/styles" Target="styles.xml"/>{links}'
    return zipped(
        {
            "[Content_Types].xml": "<Types>application/vnd.openxmlformats-officedocument.wordprocessingml.document</Types>",
            "_rels/.rels": _relations(
                f'<Relationship Id="d" Type="{kinds}/officeDocument" Target="/word/document.xml"/>'
            ),
            "word/_rels/document.xml.rels": _relations(relations),
            "word/styles.xml": f'<w:styles xmlns:w="{word}">{styles}</w:styles>',
            "word/document.xml": f'{before}<w:document xmlns:w="{word}" xmlns:r="{kinds}" {_NAMESPACES}>'
            f"<w:body>{body}</w:body></w:document>",
        }
    )


def xlsx(
    sheet: str,
    *,
    strings: str = "",
    styles: str = "",
    book: str = '<sheet name="表" r:id="s1"/>',
    parts: dict[str, str | bytes] | None = None,
) -> bytes:
    """`sheet`: what stands within <worksheet>; `strings`, `styles`, `book`: within those parts."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "".join(
        f'<Relationship Id="{key}" Type="{_R}/{kind}" Target="{target}"/>'
        for key, kind, target in (
            ("s1", "worksheet", "worksheets/sheet1.xml"),
            ("s2", "worksheet", "worksheets/sheet2.xml"),
            ("ss", "sharedStrings", "sharedStrings.xml"),
            ("st", "styles", "styles.xml"),
        )
    )
    return zipped(
        {
            "[Content_Types].xml": "<Types>application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml</Types>",
            "_rels/.rels": _relations(f'<Relationship Id="d" Type="{_R}/officeDocument" Target="xl/workbook.xml"/>'),
            "xl/_rels/workbook.xml.rels": _relations(relations),
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{_R}"><sheets>{book}</sheets></workbook>',
            "xl/sharedStrings.xml": f'<sst xmlns="{main}">{strings}</sst>',
            "xl/styles.xml": f'<styleSheet xmlns="{main}">{styles}</styleSheet>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}">{sheet}</worksheet>',
            **(parts or {}),
        }
    )


def _relations(content: str) -> str:
    return f'<Relationships xmlns="{_RELATIONS}">{content}</Relationships>'
