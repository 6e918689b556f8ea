"""What Word and WPS do to a document while people edit it, done to a plain DOCX: the printed report stays the same.

Word splits a number into several runs, keeps what was deleted and what was there before, hides text, draws text
boxes twice, wraps cells in content controls. WPS adds parts of its own, states the obvious, and leaves a grid
with a column that no cell has.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from copy import deepcopy

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_XML = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wpsCustomData="http://www.wps.cn/officeDocument/2013/wpsCustomData"'
)
_AUTHOR = 'w:id="900" w:author="示例" w:date="2021-01-10T09:00:00Z"'
_NUMBER = re.compile(r"-?[\d.]{2,}")
_WRONG = "99999"  # stands wherever nothing may be read


def as_word(data: bytes) -> bytes:
    return _rewritten(data, _like_word)


def as_wps(data: bytes) -> bytes:
    return _rewritten(data, _like_wps)


def _rewritten(data: bytes, change: Callable[[etree._Element], None]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            content = source.read(member)
            if member.filename == "word/document.xml":
                root = etree.fromstring(content)
                change(root)
                content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            target.writestr(member, content)
    return stream.getvalue()


def _like_word(root: etree._Element) -> None:
    runs = _all(root, "r")
    numbers = [run for run in runs if _NUMBER.fullmatch(_text(run))]
    for place, run in enumerate(numbers):
        (_split, _revise, _hide, _in_control, _after_field)[place % 5](run)
    for paragraph in _all(root, "p"):
        paragraph.set(f"{{{W}}}rsidR", "00A77B3E")
        paragraph.append(_new('<w:bookmarkEnd w:id="0"/>'))
    for table in _all(root, "tbl"):
        rows = [node for node in table if node.tag == _name("tr")]
        _delete_copy(rows[-1])
        cell = _all(rows[0], "tc")[0]
        control = _new("<w:sdt><w:sdtPr><w:id w:val='7'/></w:sdtPr><w:sdtContent/></w:sdt>")
        cell.addprevious(control)
        control[1].append(cell)
    body = root[0]
    title = body[0]
    control = _new("<w:sdt><w:sdtPr><w:alias w:val='标题'/></w:sdtPr><w:sdtContent/></w:sdt>")
    title.addprevious(control)
    control[1].append(title)
    control.addnext(_text_box("内部资料（示例）"))


def _split(run: etree._Element) -> None:
    """One number over three runs, with the spell checker's marks between them."""
    text = _text(run)
    for part in (text[:1], text[1:-1], text[-1:]):
        if part:
            run.addprevious(
                _new(
                    '<w:r w:rsidRPr="00A77B3E"><w:rPr><w:rFonts w:hint="eastAsia"/><w:vertAlign w:val="baseline"/>'
                    f"</w:rPr><w:t>{part}</w:t></w:r>"
                )
            )
            run.addprevious(_new('<w:proofErr w:type="spellStart"/>'))
    _remove(run)


def _revise(run: etree._Element) -> None:
    """Another number stood here before."""
    text = _text(run)
    run.addprevious(_new(f"<w:del {_AUTHOR}><w:r><w:delText>{_WRONG}</w:delText></w:r></w:del>"))
    run.addprevious(_new(f"<w:ins {_AUTHOR}><w:r><w:t>{text}</w:t></w:r></w:ins>"))
    _remove(run)


def _hide(run: etree._Element) -> None:
    run.addnext(_new(f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>{_WRONG}</w:t></w:r>"))


def _in_control(run: etree._Element) -> None:
    control = _new("<w:sdt><w:sdtPr/><w:sdtContent/></w:sdt>")
    run.addprevious(control)
    control[1].append(run)


def _after_field(run: etree._Element) -> None:
    """The number is the result of a formula."""
    for part in (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>',
        '<w:r><w:instrText xml:space="preserve"> =SUM(A1:A9) \\# "0" </w:instrText></w:r>',
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
    ):
        run.addprevious(_new(part))
    run.addnext(_new('<w:r><w:fldChar w:fldCharType="end"/></w:r>'))


def _delete_copy(row: etree._Element) -> None:
    """A row below that was deleted under tracking: it looks like the one above, with other numbers."""
    copy = deepcopy(row)
    for text in copy.iter(_name("t")):
        text.tag = _name("delText")
        text.text = _WRONG
    for run in _all(copy, "r"):
        wrapper = _new(f"<w:del {_AUTHOR}/>")
        run.addprevious(wrapper)
        wrapper.append(run)
    copy.insert(0, _new(f"<w:trPr><w:del {_AUTHOR}/></w:trPr>"))
    row.addnext(copy)


def _text_box(text: str) -> etree._Element:
    content = f"<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>"
    return _new(
        "<w:p><w:r><mc:AlternateContent>"
        '<mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic><a:graphicData>'
        f"<wps:wsp><wps:txbx>{content}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{content}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )


def _like_wps(root: etree._Element) -> None:
    for run in _all(root, "r"):
        run.insert(
            0,
            _new(
                '<w:rPr><w:rFonts w:hint="eastAsia" w:ascii="仿宋" w:eastAsia="仿宋"/><w:strike w:val="0"/>'
                '<w:dstrike w:val="0"/><w:vertAlign w:val="baseline"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr>'
            ),
        )
    for merge in root.iter(_name("vMerge")):
        if merge.get(f"{{{W}}}val") is None:
            merge.set(f"{{{W}}}val", "continue")
    for grid in root.iter(_name("tblGrid")):
        grid.append(_new('<w:gridCol w:w="5"/>'))
    for cell in _all(root, "tc"):
        cell.append(_new('<w:p><w:pPr><w:widowControl/><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr></w:p>'))
    for paragraph in [node for node in root[0] if node.tag == _name("p")]:
        paragraph.addnext(_new("<w:p><w:pPr><w:pStyle w:val='Normal'/></w:pPr></w:p>"))
    root[0].insert(
        0,
        _new(
            '<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wpsCustomData"><wpsCustomData:docfieldStart id="0"/>'
            "</mc:Choice></mc:AlternateContent></w:r></w:p>"
        ),
    )


def _new(text: str) -> etree._Element:
    name, rest = re.match(r"<([\w:]+)(.*)", text, re.S).groups()  # type: ignore[union-attr]  # always an element
    return etree.fromstring(f"<{name} {_XML}{rest}")


def _name(short: str) -> str:
    return f"{{{W}}}{short}"


def _all(root: etree._Element, short: str) -> list[etree._Element]:
    return list(root.iter(_name(short)))


def _text(element: etree._Element) -> str:
    return "".join(node.text or "" for node in element.iter(_name("t")))


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)
