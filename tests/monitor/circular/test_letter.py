"""The 通报 as DOCX: its text, its form, its safety; read back with python-docx, by its XML and with our own reader."""

import datetime as dt
import io
import re
import zipfile
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from lxml import etree

from config.deadlines import LocalRule
from crawler import formats, model
from monitor.circular import draft
from monitor.circular.blocks import Heading, Paragraph, Table
from monitor.circular.letter import letter
from monitor.circular.model import Case, Circular, Group, Seals
from monitor.circular.tables import MOST_ROWS
from tests.monitor.checks.history import moment
from tests.monitor.circular import town
from tests.monitor.world import World


@pytest.fixture(scope="module")
def made(circular: Circular) -> bytes:
    return letter(draft.title(circular), draft.blocks(circular), town.NOW)


def text_of(circular: Circular) -> str:
    """All that is written, in the order in which it is read."""
    lines: list[str] = []
    for block in draft.blocks(circular):
        lines += [cell for row in block.rows for cell in row] if isinstance(block, Table) else [block.text]
    return "\n".join(lines)


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        return container.read(name)


def test_title_sections_and_what_is_left_open(circular: Circular) -> None:
    blocks = list(draft.blocks(circular))
    first = [block.text for block in blocks[:5] if isinstance(block, Paragraph)]
    assert first[0] == "【示例】关于示例省示例市2023年度政府信息公开工作年度报告发布情况的通报"
    assert first[1:3] == ["（征求意见稿）", "（草稿，未经核实，不是任何机关的文件）"]
    headings = [block.text for block in blocks if isinstance(block, Heading) and block.level == 1]
    assert headings == [
        "一、未见公布",
        "二、逾期公布",
        "三、公布后改动或撤下",
        "四、数据问题",
        "五、无法核实的情况",
        "六、要求",
        "本稿说明（定稿前删除）",
    ]
    text = text_of(circular)
    for words in (
        "（主送机关）：",
        "××××年××月××日前",
        "（制发机关）",
        "附件：示例省示例市2023年度",
        "不是任何机关的文件",
    ):
        assert words in text


def test_figures_name_the_unknown_and_count_them_against_nobody(circular: Circular) -> None:
    text = text_of(circular)
    assert (
        "列入范围的10个单位中，到期应公布年度报告的8个：按期公布4个，逾期公布1个，未见公布1个，公布后撤下1个，"
        "已公布但是否按期不能确定0个，无法判断1个。"
    ) in text
    assert "另有：尚未到期1个，没有国家规定截止日1个，该年度无须公布0个，未作判断0个。" in text
    assert "均不计为逾期或者未公布" in text


def test_every_rule_is_cited_with_its_day(circular: Circular) -> None:
    text = text_of(circular)
    for words in (
        "公布期限依据《中华人民共和国政府信息公开条例》（国务院令第711号）第四十九条第一句，适用于列入范围的8个单位，截止日为2024年1月31日（含当日）。",
        "第四十九条第二句，适用于列入范围的1个单位，截止日为2024年3月31日（含当日）。",
        "第四十九条未规定乡镇、街道的公布日期。列入范围的1个单位据此没有国家规定的截止日，不判断是否逾期。",
        "（示例办函〔2023〕1号）对列入范围的1个单位另行规定的日期为2024年1月20日（含当日）。",
    ):
        assert words in text


def section(circular: Circular, name: str) -> str:
    """The text of one section, from its heading to the next one."""
    text = text_of(circular)
    starts = [match.start() for match in re.finditer(r"(?m)^[一二三四五六]、", text)]
    start = text.index(name)
    return text[start : next((other for other in starts if other > start), len(text))]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("一、", ("示例市文化和旅游局", "2024年1月31日", "49", "最近确认未见：2024年3月19日 20:00", "存档")),
        (
            "二、",
            (
                "（一）晚于法定截止日（1个）",
                "示例市水利局",
                "2024年2月6日 20:00",
                "4至6",
                "页面元数据 PubDate 2024-02-05",
            ),
        ),
        ("二、", ("（二）仅晚于主管部门规定的日期（1个）", "示例镇人民政府", "示例办函〔2023〕1号", "15至17")),
        ("二、", ("单位答复（2024年2月12日收到，来源：示例市水利局复函〔2024〕3号）：=1+1 网站改版，公布较晚。",)),
        ("三、", ("示例市统计局", "示例市民政局", "由 9 改为 7", "由 12 改为 10")),
        ("四、", ("表内数字不符合勾稽关系（1件）", "示例市商务局", "须对照原文逐件人工核对", "单位答复")),
        ("五、", ("示例市交通运输局", "网站返回服务器错误", "不作为问题，不计为逾期或者未公布")),
    ],
)
def test_each_section_says_what_was_found_and_by_what(circular: Circular, name: str, words: tuple[str, ...]) -> None:
    found = section(circular, name)
    for word in words:
        assert word in found


def test_an_office_stands_in_its_own_sections_only(circular: Circular) -> None:
    for name, strangers in (
        ("一、", ("水利局", "交通运输局", "示例县人民政府", "教育局")),
        ("二、", ("交通运输局", "文化和旅游局", "统计局", "教育局")),
        ("四、", ("交通运输局", "教育局")),
    ):
        assert [word for word in strangers if word in section(circular, name)] == []
    assert "示例市教育局" not in text_of(circular)  # of who is on time nothing is said but the number


def test_nothing_found_is_said_in_words(circular: Circular) -> None:
    nothing = replace(
        circular,
        missing=(),
        local_missing=(),
        late=(),
        local_late=(),
        withdrawn=(),
        changed=(),
        data=(),
        unverified=(),
        unconfirmed=(),
    )
    assert text_of(nothing).count("未发现。") == 5


def test_the_end_says_as_of_when_by_what_and_that_it_must_be_checked(circular: Circular) -> None:
    text = section(circular, "本稿说明")
    for words in (
        "情况截至2024年3月20日 10:00（北京时间）",
        "每一项在发出之前都必须由人工核对",
        "不是任何机关的文件",
        "规则regulation-711-department：",
        "规则shili-notice：",
        "截至该时点存档尚未编入哈希链",
    ):
        assert words in text
    sealed = replace(circular, seals=Seals(7, "ab" * 32, town.NOW))
    assert f"第7环，{'ab' * 32}，2024年3月20日 10:00" in section(sealed, "本稿说明")


def test_real_offices_alone_make_no_example(circular: Circular) -> None:
    cases = tuple(
        replace(case, judgement=replace(case.judgement, agency=case.agency.model_copy(update={"invented": False})))
        for case in circular.cases
    )
    assert draft.title(replace(circular, cases=cases)).startswith("关于")
    assert "虚构" not in text_of(replace(circular, cases=cases))


def test_a_long_list_is_cut_and_says_so(circular: Circular) -> None:
    many = replace(circular, missing=circular.missing * (MOST_ROWS + 5))
    table = next(block for block in draft.blocks(many) if isinstance(block, Table) and "证据" in block.headings)
    assert len(table.rows) == MOST_ROWS
    assert "另有5行未在此列出，见附件工作表“未见公布”。" in text_of(many)
    assert f"未见公布{circular.counts[Group.MISSING]}个" in text_of(many)


def test_the_same_circular_is_the_same_file(circular: Circular, made: bytes) -> None:
    assert letter(draft.title(circular), draft.blocks(circular), town.NOW) == made


def test_page_and_styles_are_those_of_official_documents(made: bytes) -> None:
    document = docx.Document(io.BytesIO(made))
    page = document.sections[0]
    lengths = [page.page_width, page.page_height]
    lengths += [page.top_margin, page.left_margin, page.bottom_margin, page.right_margin]
    assert [round(length / Mm(1)) for length in lengths if length is not None] == [210, 297, 37, 28, 35, 26]
    for name, size, font in (
        ("Title", 22, "方正小标宋简体"),
        ("Heading 1", 16, "黑体"),
        ("Heading 2", 16, "楷体"),
        ("Body Text", 16, "仿宋"),
    ):
        style = document.styles[name]
        fonts = style.element.rPr.rFonts
        assert (style.font.size, fonts.get(qn("w:eastAsia"))) == (Pt(size), font)
        assert not [key for key in fonts.attrib if "heme" in str(key)]
    used = [paragraph.style.name for paragraph in document.paragraphs if paragraph.style is not None]
    assert used.count("Heading 1") == 7
    assert {"Title", "Body Text", "Heading 2"} <= set(used)
    assert document.settings.odd_and_even_pages_header_footer is True


def test_every_run_names_its_fonts(made: bytes) -> None:
    for name in ("word/document.xml", "word/footer1.xml", "word/footer2.xml"):
        runs = list(etree.fromstring(part(made, name)).iter(qn("w:r")))
        assert runs
        for run in runs:
            fonts = run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
            assert fonts is not None and fonts.get(qn("w:eastAsia"))
    table = etree.fromstring(part(made, "word/fontTable.xml"))
    names = {font.get(qn("w:name")): font for font in table}
    alternative = names["仿宋"].find(qn("w:altName"))
    assert alternative is not None and "FangSong" in str(alternative.get(qn("w:val")))


def test_every_table_repeats_its_head(made: bytes) -> None:
    document = docx.Document(io.BytesIO(made))
    assert len(document.tables) >= 7
    for table in document.tables:
        first, *others = table._tbl.tr_lst
        assert first.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        assert [row for row in others if row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None] == []


def test_there_is_no_link_no_macro_no_name(made: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(made)) as container:
        names = container.namelist()
        whole = b"".join(container.read(name) for name in names)
        assert {entry.date_time for entry in container.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert [name for name in names if "vba" in name.lower() or "thumbnail" in name or "embed" in name] == []
    assert b'TargetMode="External"' not in whole
    assert b"<w:hyperlink" not in whole
    assert "值班员".encode() not in whole  # who recorded a reply
    core = docx.Document(io.BytesIO(made)).core_properties
    assert (core.author, core.last_modified_by, core.comments) == ("", "", "")
    assert core.created == core.modified == dt.datetime(2024, 3, 20, 2, 0, tzinfo=dt.UTC)
    assert core.title.startswith("【示例】")


def test_what_xml_cannot_hold_is_left_out(circular: Circular) -> None:
    name = "示例\x00\x1b\ud800\ufffe\u202e<w:p>&amp;]]>局"
    hostile = replace(
        circular.missing[0].judgement, agency=circular.missing[0].agency.model_copy(update={"name": name})
    )
    blocks = draft.blocks(replace(circular, missing=(Case(hostile, Group.MISSING),)))
    document = docx.Document(io.BytesIO(letter("标题", blocks, town.NOW)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "示例 <w:p>&amp;]]>局" in cells


def test_a_notice_with_many_words_is_one_bounded_line(circular: Circular) -> None:
    basis = circular.bases[-1]
    assert isinstance(basis.rule, LocalRule)
    long = replace(basis, rule=basis.rule.model_copy(update={"citation_zh": "通\n知" * 2000}))
    paragraphs = [
        block.text for block in draft.blocks(replace(circular, bases=(long,))) if isinstance(block, Paragraph)
    ]
    assert max(map(len, paragraphs)) < 1000


def test_our_own_reader_reads_it(circular: Circular, made: bytes) -> None:
    document = formats.read(made, name="circular.docx")
    paragraphs = [block.text for block in document.blocks if isinstance(block, model.Paragraph)]
    assert [text for text in paragraphs if re.match("[一二三四五六]、", text)][:2] == ["一、未见公布", "二、逾期公布"]
    tables = [block for block in document.blocks if isinstance(block, model.Table)]
    assert len(tables) == sum(isinstance(block, Table) for block in draft.blocks(circular))
    assert "示例市水利局" in repr(tables)


def test_who_is_missing_by_the_local_day_alone_stands_apart_with_the_notice(world: World) -> None:
    """On 2 February the town hall's own day is over; the law names none for it."""
    text = section(town.circular(world, moment("02-02 21:00")), "一、")
    assert "（一）仅主管部门规定的日期已过（1个）" in text
    for words in ("示例镇人民政府", "示例办函〔2023〕1号", "2024年1月20日", "13", "最近确认未见：2024年2月2日 20:00"):
        assert words in text
    assert "晚于法定" not in text and "（二）" not in text
