"""A report that says that it was corrected; and how many sentences with the same words do not say so."""

from __future__ import annotations

import pytest

from crawler import formats, reports
from crawler.model import Document, Link, Paragraph
from crawler.reports import notices
from crawler.reports.fingerprint import fingerprint
from crawler.reports.navigation import own_paragraphs
from tests.golden.pages import FOLDER, SEEDS

TITLE = "示例市水务局2023年政府信息公开工作年度报告"


def page(*lines: str, links: tuple[str, ...] = ()) -> Document:
    return Document(
        "html", tuple(Paragraph(line) for line in lines), links=tuple(Link("http://127.0.0.1/", text) for text in links)
    )


@pytest.mark.parametrize(
    ("title", "words"),
    [
        (f"{TITLE}（更正）", "更正"),
        (f"{TITLE}（更正后）", "更正后"),
        (f"{TITLE}(修订版)", "修订版"),
        (f"关于{TITLE}的更正说明", "更正说明"),
        (f"关于重新发布{TITLE}的说明", "重新发布"),
        (f"{TITLE}勘误", "勘误"),
        (TITLE, ""),
        ("政府信息更正申请表", ""),
        ("关于规范政府信息更正办理程序的通知", ""),
    ],
)
def test_a_title(title: str, words: str) -> None:
    assert notices.in_title(title) == words
    assert [one.words for one in notices.find(page(), title)] == ([words] if words else [])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("更正说明：表三“予以公开”一栏原填12件，应为13件。", "更正说明"),
        ("【勘误】第三部分", "勘误"),
        ("（修订说明）", "修订说明"),
        ("更正：上年结转应为2件", "更正"),
        ("我局1月20日发布的2023年年度报告中表三数据有误，现更正如下。", "现更正如下"),
        ("因数据填报错误，本报告已更正。", "已更正"),
        ("经核实，原年报有误，现重新发布。", "重新发布"),
        ("由此造成的不便敬请谅解，特此更正。", "特此更正"),
    ],
)
def test_a_line_or_a_sentence_of_the_text(line: str, words: str) -> None:
    [found] = notices.find(page("一、总体情况", line), TITLE)
    assert (found.words, found.where, found.block) == (words, "text", 2)
    assert found.text in line.replace("：", ":").replace("（", "(").replace("）", ")").replace("，", ",")
    assert found.as_json() == {"words": words, "where": "text", "text": found.text, "block": 2}


@pytest.mark.parametrize(
    "line",
    [
        "对公民、法人申请更正的政府信息，依法予以更正。",
        "行政复议结果纠正0件，行政诉讼结果纠正0件。",
        "修订完善了信息公开指南，重新发布了主动公开目录。",
        "对检查发现的错别字已更正。",
        "更正公告",
        "全年收到更正申请2件，均已答复。",
        "修订了《政府信息公开管理办法》。",
    ],
)
def test_what_is_no_notice(line: str) -> None:
    assert notices.find(page("五、存在的主要问题及改进情况", line), TITLE) == ()


@pytest.mark.parametrize("case", SEEDS)
def test_no_golden_report_carries_one(case: str) -> None:
    assert reports.parse(formats.read((FOLDER / f"{case}.txt").read_bytes())).notices == ()


def test_lines_of_links_are_the_sites() -> None:
    menu = page(
        "首页 政策解读 更正说明",
        "上一篇：示例市水务局关于某工程的公示",
        "更正说明",
        "详见示例市水务局关于某工程的公示，本段是报告自己的文字。",
        "五、存在的主要问题",
        links=("首页", "政策解读", "更正说明", "示例市水务局关于某工程的公示", "五、存在的主要问题"),
    )
    assert [number for number, _ in own_paragraphs(menu)] == [4, 5]
    assert notices.find(menu, TITLE) == ()


def test_what_stands_below_the_last_section_is_no_text_of_the_report() -> None:
    lines = ("一、总体情况", "我们持续推进政府信息主动公开工作取得实效", "五、问题", "部分栏目内容更新还不够及时准确")
    one = page(*lines, "下一篇：示例市举行重点水利工程开工仪式", links=("示例市举行重点水利工程开工仪式",))
    other = page(*lines, "下一篇：示例市水务局召开全市供水保障会议", links=("示例市水务局召开全市供水保障会议",))
    assert fingerprint(one, (), None) == fingerprint(other, (), None)
    assert len(fingerprint(one, (), None).clauses) == 2
