"""OFD files written by hand: the objects of the standard, what is left out and said so, and damaged containers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from crawler import formats
from crawler.errors import ReadError
from crawler.formats import ofd
from crawler.formats.ofd import ofdml
from crawler.formats.ofd.ofdml import POINTS, Objects
from crawler.model import Document, Table
from tests.golden.make import MADE

NAMESPACE = "http://www.ofdspec.org/2016"
ROOT = "<o:DocBody><o:DocInfo><o:Title>示例 报告</o:Title></o:DocInfo><o:DocRoot>Doc_0/Document.xml</o:DocRoot></o:DocBody>"
MAIN = (
    "<o:CommonData><o:PageArea><o:PhysicalBox>0 0 210 297</o:PhysicalBox></o:PageArea>{common}</o:CommonData>"
    '<o:Pages><o:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></o:Pages>'
)
LATTICE = "".join(
    f'<o:PathObject Boundary="0 0 210 297"><o:AbbreviatedData>M {a} {b} L {c} {d}</o:AbbreviatedData></o:PathObject>'
    for a, b, c, d in (
        (20, 50, 120, 50),
        (20, 60, 120, 60),
        (20, 70, 120, 70),
        (20, 50, 20, 70),
        (70, 50, 70, 70),
        (120, 50, 120, 70),
    )
)


def element(inner: str, name: str = "OFD", namespace: str = NAMESPACE) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><o:{name} xmlns:o="{namespace}">{inner}</o:{name}>'


def words(x: float, y: float, text: str, attributes: str = "", code: str = 'DeltaX="g 99 4"') -> str:
    return (
        f'<o:TextObject Boundary="{x} {y} 60 5" Size="4" {attributes}>'
        f'<o:TextCode X="0" Y="3.5" {code}>{text}</o:TextCode></o:TextObject>'
    )


def packed(parts: dict[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in parts.items():
            container.writestr(name, content)
    return buffer.getvalue()


def container(
    objects: str, common: str = "", *, namespace: str = NAMESPACE, parts: Mapping[str, bytes | str] | None = None
) -> bytes:
    """One page with these objects; `parts`: others, or in the place of these."""
    page = f"<o:Content><o:Layer>{objects}</o:Layer></o:Content>"
    own: dict[str, bytes | str] = {
        "OFD.xml": element(ROOT, namespace=namespace),
        "Doc_0/Document.xml": element(MAIN.format(common=common), "Document", namespace),
        "Doc_0/Pages/Page_0/Content.xml": element(page, "Page", namespace),
    }
    return packed({**own, **(parts or {})})


def rows(found: Document) -> list[list[str]]:
    (table,) = (block for block in found.blocks if isinstance(block, Table))
    return [[cell.text for cell in row] for row in table.rows]


def kinds(found: Document) -> list[str]:
    return [issue.kind for issue in found.issues]


FILLED = LATTICE + words(22, 52, "规章") + words(80, 52, "120", code='DeltaX="g 2 2"') + words(22, 62, "许可")


@pytest.mark.parametrize("namespace", [NAMESPACE, "http://www.ofdspec.org", "urn:draft"])
def test_a_table(namespace: str) -> None:
    found = formats.read(container(FILLED, namespace=namespace))
    assert (found.format, found.title, found.recognised, found.issues) == ("ofd", "示例 报告", False, ())
    assert rows(found) == [["规章", "120"], ["许可", ""]]
    (table,) = (block for block in found.blocks if isinstance(block, Table))
    box = table.rows[0][1].box
    assert box is not None and box.left == pytest.approx(70 * POINTS, abs=1)


def test_one_text_object_over_two_cells_is_two_texts() -> None:
    objects = LATTICE + words(22, 52, "规章12", code='DeltaX="4 54 2"')
    assert rows(formats.read(container(objects)))[0] == ["规章", "12"]


def test_the_matrix_of_an_object_moves_and_stretches() -> None:
    moved = words(20, 50, "7", 'CTM="2 0 0 1 60 2"')
    assert rows(formats.read(container(LATTICE + words(22, 52, "规章") + moved)))[0] == ["规章", "7"]


@pytest.mark.parametrize(
    ("attributes", "kind"),
    [
        ('Visible="false"', None),
        ('Alpha="0"', "hidden_text"),
        ('Fill="false"', "hidden_text"),
        ('CTM="0.7 0.7 -0.7 0.7 0 0"', "turned_text"),
        ('ReadDirection="90"', "turned_text"),
    ],
)
def test_what_is_not_seen_is_not_read(attributes: str, kind: str | None) -> None:
    found = formats.read(container(FILLED + words(82, 62, "9", attributes)))
    assert rows(found) == [["规章", "120"], ["许可", ""]]
    assert kinds(found) == ([kind] if kind else [])


def test_characters_without_unicode_are_no_numbers() -> None:
    found = formats.read(container(FILLED + words(82, 62, "&#xE012;")))
    assert "unmapped_characters" in kinds(found)
    assert rows(found)[1][1] == "\ufffd"


def test_templates_lie_below_the_page() -> None:
    template = element(f"<o:Content><o:Layer>{LATTICE}</o:Layer></o:Content>", "Page")
    page = element(
        f'<o:Template TemplateID="5"/><o:Content><o:Layer>{words(22, 52, "规章")}{words(80, 52, "8")}'
        "</o:Layer></o:Content>",
        "Page",
    )
    data = container(
        "",
        '<o:TemplatePage ID="5" BaseLoc="Tpls/T.xml"/>',
        parts={"Doc_0/Tpls/T.xml": template, "Doc_0/Pages/Page_0/Content.xml": page},
    )
    assert rows(formats.read(data))[0] == ["规章", "8"]


def test_lines_drawn_as_thin_areas_count() -> None:
    thin = "".join(
        f'<o:PathObject Boundary="{x} {y} {w} {h}" Fill="true" Stroke="false"><o:AbbreviatedData>'
        f"M 0 0 L {w} 0 L {w} {h} L 0 {h} C</o:AbbreviatedData></o:PathObject>"
        for x, y, w, h in (
            (20, 50, 100, 0.3),
            (20, 60, 100, 0.3),
            (20, 50, 0.3, 10),
            (70, 50, 0.3, 10),
            (120, 50, 0.3, 10),
        )
    )
    assert rows(formats.read(container(thin + words(22, 52, "规章") + words(80, 52, "6")))) == [["规章", "6"]]


def test_a_scanned_page_is_recognised() -> None:
    with Image.open(MADE / "png-2021.png") as whole:
        part = whole.crop((0, 0, whole.width, 620))
    picture = io.BytesIO()
    part.save(picture, "PNG")
    media = '<o:MultiMedia ID="9" Type="Image"><o:MediaFile>a.png</o:MediaFile></o:MultiMedia>'
    resources = element(f"<o:MultiMedias>{media}</o:MultiMedias>", "Res").replace("<o:Res ", '<o:Res BaseLoc="Res" ')
    parts: dict[str, bytes | str] = {"Doc_0/R.xml": resources, "Doc_0/Res/a.png": picture.getvalue()}
    high = 210 * part.height / part.width
    objects = f'<o:ImageObject Boundary="0 0 210 {high}" CTM="210 0 0 {high} 0 0" ResourceID="9"/>'
    area = f"<o:Area><o:PhysicalBox>0 0 210 {high}</o:PhysicalBox></o:Area>"
    page = element(f"{area}<o:Content><o:Layer>{objects}</o:Layer></o:Content>", "Page")
    parts["Doc_0/Pages/Page_0/Content.xml"] = page
    found = formats.read(container("", "<o:DocumentRes>R.xml</o:DocumentRes>", parts=parts))
    assert found.recognised and kinds(found) == ["recognised"]
    assert [row for row in rows(found) if row[0] == "规章"] == [["规章", "", "11606", "0"]]


def test_what_is_left_out_is_said() -> None:
    annotations = element('<o:Page PageID="1"/>', "Annotations")
    data = container(
        FILLED + '<o:CompositeObject Boundary="0 0 9 9" ResourceID="3"/>',
        parts={
            "Doc_0/Annots.xml": annotations,
            "Doc_0/Document.xml": element(
                MAIN.format(common="") + "<o:Annotations>Annots.xml</o:Annotations>", "Document"
            ),
        },
    )
    assert sorted(kinds(formats.read(data))) == ["annotations", "composite_objects"]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"Doc_0/Pages/Page_0/Content.xml": "<o:Page"}, "XML"),
        ({"Doc_0/Document.xml": element("<o:CommonData/>", "Document")}, "没有一页"),
        ({"OFD.xml": element("")}, "DocBody"),
        ({"OFD.xml": element(ROOT.replace("Doc_0/Document.xml", "../../etc/passwd"))}, "指向文件之外"),
        ({"OFD.xml": element(ROOT.replace("Doc_0/Document.xml", "Doc_9/Document.xml"))}, "缺少"),
        ({"OFD.xml": element(ROOT + "<o:Encryptions/>")}, "加密"),
        (
            {
                "Doc_0/Document.xml": element(
                    MAIN.format(common="").replace('ID="1"', 'ID="1"/><o:Page ' * 200), "Document"
                )
            },
            "超过上限",
        ),
        ({"OFD.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "DTD"),
    ],
)
def test_damaged_containers_are_refused(parts: dict[str, bytes | str], said: str) -> None:
    with pytest.raises(ReadError, match=said):
        formats.read(container(FILLED, parts=parts))


def test_truncated_files_are_refused() -> None:
    data = (MADE / "ofd-2021.ofd").read_bytes()
    for end in range(100, len(data) - 1, 1_500):
        with pytest.raises(ReadError):
            ofd.read(data[:end], "")


def test_a_page_of_any_size_is_bounded() -> None:
    page = element("<o:Area><o:PhysicalBox>0 0 99999 9</o:PhysicalBox></o:Area><o:Content/>", "Page")
    found = formats.read(container("", parts={"Doc_0/Pages/Page_0/Content.xml": page}))
    assert found.blocks == () and kinds(found) == ["page_too_big"]


finite = st.floats(-1e6, 1e6).map(lambda value: round(value, 3))


@given(st.lists(st.tuples(finite, st.integers(1, 9)), min_size=1, max_size=8))
def test_queues_with_and_without_abbreviations_say_the_same(groups: list[tuple[float, int]]) -> None:
    plain = [value for value, count in groups for _ in range(count)]
    short = " ".join(f"g {count} {value}" for value, count in groups)
    assert ofdml.offsets(short, len(plain)) == ofdml.offsets(" ".join(map(str, plain)), len(plain)) == plain


@given(st.text("g0123456789.-+ eE\n", max_size=60), st.integers(0, 200))
def test_any_queue_is_bounded(text: str, count: int) -> None:
    found = ofdml.offsets(text, count)
    assert found is None or len(found) == count


@given(st.text("SMLQBAC0123456789.- ", max_size=120))
def test_any_path_is_read(text: str) -> None:
    path = etree.Element("PathObject", Boundary="0 0 10 10")
    etree.SubElement(path, "AbbreviatedData").text = text
    layer = etree.Element("Layer")
    layer.append(path)
    into = Objects()
    ofdml.collect(layer, into)
    assert all(rule.left <= rule.right and rule.top <= rule.bottom for rule in into.rules)
    assert all(len(figure) > 1 for figure in ofdml.figures(text))


@given(st.lists(st.tuples(finite, finite), min_size=2, max_size=20))
def test_the_corners_of_a_path(points: list[tuple[float, float]]) -> None:
    (first, *rest) = points
    text = f"M {first[0]} {first[1]} " + " ".join(f"L {x} {y}" for x, y in rest)
    assert ofdml.figures(text) == [points]
    assert ofdml.figures(text + " C") == [[*points, first]]
