"""Sentences → numbers: what is said of requests as a whole, and nothing that only looks like it."""

import time
from decimal import Decimal
from fnmatch import fnmatchcase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.model import Document, Paragraph
from crawler.reports import narrative, templates
from crawler.reports.narrative.keys import KEYS, readings_of
from crawler.reports.narrative.sentences import sentences
from monitor.wording import keys as texts
from tests.crawler.reports.spoken import ALL, Spoken


def said(*paragraphs: str, year: int | None = 2020) -> list[str]:
    document = Document("text", tuple(Paragraph(text) for text in paragraphs))
    statements, _ = narrative.read(document, year=year)
    return [f"{item.key}{'~' if item.about else '='}{item.value}" for item in statements]


@pytest.mark.parametrize("spoken", ALL, ids=lambda spoken: spoken.text[:40])
def test_sentences(spoken: Spoken) -> None:
    assert sorted(said(spoken.text)) == sorted(spoken.said.split())


def test_the_table_is_no_repetition() -> None:
    assert len({spoken.text for spoken in ALL}) == len(ALL) >= 120
    assert {item.split("=")[0].split("~")[0] for spoken in ALL for item in spoken.said.split()} == set(KEYS)


def test_a_heading_of_another_year_stands_over_its_paragraphs() -> None:
    assert said(
        "一、2019年工作回顾", "共收到政府信息公开申请58件。", "二、2020年工作", "共收到政府信息公开申请6件。"
    ) == ["requests_received=6"]
    assert said("（二）依申请公开", "共收到政府信息公开申请6件。") == ["requests_received=6"]


def test_said_twice_is_stated_once_and_a_conflict_is_reported() -> None:
    document = Document("text", tuple(Paragraph(f"共收到政府信息公开申请{count}件。") for count in (17, 17, 18)))
    statements, issues = narrative.read(document, year=2020)
    assert [statement.value for statement in statements] == [Decimal(17), Decimal(18)]
    assert [issue.kind for issue in issues] == ["narrative_conflict"]
    assert statements[0].place.block == 1


def test_the_sentence_is_kept_as_it_is_printed() -> None:
    text = "依法办理。全年共收到 政府信息公开申请（含上年结转）１７件，均已答复。其他无。"
    [statement], _ = narrative.read(Document("text", (Paragraph(text),)), year=2020)
    assert statement.raw == "全年共收到政府信息公开申请（含上年结转）１７件，均已答复"
    long = "共收到政府信息公开申请17件，" + "，".join(f"第{place}项工作按要求完成" for place in range(100))
    [statement], _ = narrative.read(Document("text", (Paragraph(long),)), year=2020)
    assert statement.raw.startswith("共收到政府信息公开申请17件") and statement.raw.endswith("…")


def test_words_of_a_picture_are_not_certain() -> None:
    for recognised in (False, True):
        document = Document("ocr", (Paragraph("共收到政府信息公开申请17件。"),), recognised=recognised)
        [statement], _ = narrative.read(document, year=2020)
        assert statement.certain is not recognised
        assert statement.as_json()["certain"] is not recognised


def test_without_a_year_nothing_is_said_of_the_neighbouring_years() -> None:
    assert said("2019年结转3件政府信息公开申请，收到政府信息公开申请12件，结转2021年办理3件。", year=None) == [
        "requests_received=12"
    ]


def test_brackets_and_quotations_are_taken_out_and_kept() -> None:
    [one, two] = sentences("甲（一（二）三）乙“丙”丁。戊！")
    assert (one.plain, one.printed) == ("甲乙◇丁", "甲（一（二）三）乙“丙”丁")
    assert [words for _, words in one.asides] == ["一(二)三"]
    assert two.plain == "戊"
    assert [sentence.plain for sentence in sentences("（未完。甲")] == ["(未完", "甲"]
    assert list(sentences("  。；")) == []


def test_every_key_has_its_name_and_the_cells_that_exist() -> None:
    assert [key for key in KEYS if f"page.told.{key}" not in texts()] == []
    for key, known in KEYS.items():
        assert any(readings_of(key, form) for form in templates.load()), key
        for form, template in templates.load().items():
            codes = {cell.code for cell in template.cells()}
            plain = {code for code in codes if any(fnmatchcase(code, pattern) for pattern in known.cells)}
            found = readings_of(key, form)
            assert set(found[0] if found else ()) == plain, (form, key)
            assert all(set(reading) <= codes for reading in found)
    assert readings_of("review_cases", "2014") == (("annex.review.total",),)
    assert len(readings_of("refused", "2021")[0]) == 8
    assert readings_of("granted", "2008") == () == readings_of("no_such_key", "2021")


@pytest.mark.parametrize("size", [1_000, 20_000])
def test_long_sentences_end_in_time(size: int) -> None:
    begun = time.process_time()
    for words in ("政府信息公开的", "申请", "因政府信息公开", "其中", "未发生行政复议、", "1件", "（", "共收到"):
        assert said("收到" + words * size) == []
    assert time.process_time() - begun < 20


WORDS = st.sampled_from(
    [*"，。；、：（）()“”《》其中收到申请公开政府信息件共计余约近万亿千百十两零一二三0123456789.年月日未无没有不予", "政府信息公开申请", "行政复议",
     "行政诉讼", "结转下年度", "上年结转", "予以公开", "2020年", "2019年", "答复", "办结", "主动公开信息", "\u3000", "\x00", "ﬁ", "㎡"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(WORDS, max_size=60).map("".join))
def test_no_words_break_the_reader(text: str) -> None:
    document = Document("text", (Paragraph(text),))
    statements, _ = narrative.read(document, year=2020)
    for statement in statements:
        assert statement.key in KEYS
        assert statement.value == statement.value.to_integral_value() >= 0
        assert statement.raw


@settings(max_examples=200, deadline=None)
@given(st.integers(min_value=0, max_value=10**9))
def test_a_stated_number_is_read_as_it_stands(number: int) -> None:
    assert said(f"全年共收到政府信息公开申请{number}件。") == [f"requests_received={number}"]
    assert said(f"全年共收到政府信息公开申请{number:,}件。") == [f"requests_received={number}"]
