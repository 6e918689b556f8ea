"""Sentences → numbers: what is said of requests as a whole, and nothing that only looks like it."""

from decimal import Decimal

import pytest

from crawler.model import Document, Paragraph
from crawler.reports import narrative


def said(*sentences: str, year: int = 2020) -> list[tuple[str, int, bool]]:
    document = Document("text", tuple(Paragraph(sentence) for sentence in sentences))
    statements, _ = narrative.read(document, year=year)
    return [(statement.key, int(statement.value), statement.about) for statement in statements]


@pytest.mark.parametrize(
    ("sentence", "number", "about"),
    [
        ("我局共收到政府信息公开申请17件（其中网络申请9件，信函方式申请5件）。", 17, False),
        ("2020年，共办理自然人提交的政府信息公开申请7件。", 7, False),
        ("2020 年共收到依申请信息公开 2 件，比 2019 年（未收到政府信息公开申请）多 2 件。", 2, False),
        ("中心受理政府信息公开依申请公开信息3744余条(政务服务网3742条）。", 3744, True),
        ("2020年未收到信息公开申请。", 0, False),
        ("全年没有收到公民、法人和其他组织提出的政府信息公开申请。", 0, False),
        ("共受理依申请公开1,024件。", 1024, False),
        ("全年收到约30件政府信息公开申请。", 30, True),
        ("今年新收政府信息公开申请12件，上年结转3件。", 12, False),
    ],
)
def test_requests_received(sentence: str, number: int, about: bool) -> None:
    assert said(sentence) == [("requests_received", number, about)]


@pytest.mark.parametrize(
    "sentence",
    [
        "主动公开信息10750余条，依申请公开信息3744余条。",
        "共收到人大代表建议10件、政协委员提案9件。",
        "2019年收到政府信息公开申请58件。",
        "收到政府信息公开申请较上年增加5件。",
        "其中收到网上申请5件，涉及政府信息公开。",
        "政府信息公开方面，未收到当面申请。",
        "全年未发生因超时引发的行政复议和行政诉讼。",
        "未发生行政复议被纠错的情况。",
        "依法依规按时办结答复17件。",
    ],
)
def test_what_says_nothing(sentence: str) -> None:
    assert said(sentence) == []


def test_outcomes_of_requests() -> None:
    sentence = "共收到政府信息公开申请7件，其中予以公开2件，部分公开1件，不予公开1件，无法提供3件，结转下年度0件。"
    assert said(sentence) == [
        ("requests_received", 7, False),
        ("granted", 2, False),
        ("partly_granted", 1, False),
        ("refused", 1, False),
        ("unavailable", 3, False),
        ("carried_out", 0, False),
    ]


@pytest.mark.parametrize(
    ("sentence", "reviews", "suits"),
    [
        ("未出现行政复议、诉讼和举报。", 0, 0),
        ("未产生行政复议案件。", 0, None),
        ("没有因政府信息公开引发的行政复议和行政诉讼。", 0, 0),
        ("聘请专业律师协助处理行政诉讼案件 4 件。", None, 4),
        ("行政复议案件3件，行政诉讼1件。", 3, 1),
        ("行政复议和行政诉讼案件5件。", None, None),
    ],
)
def test_reviews_and_lawsuits(sentence: str, reviews: int | None, suits: int | None) -> None:
    found = {key: value for key, value, _ in said(sentence)}
    assert (found.get("review_cases"), found.get("litigation_cases")) == (reviews, suits)


def test_said_twice_is_stated_once_and_a_conflict_is_reported() -> None:
    document = Document("text", tuple(Paragraph(f"共收到政府信息公开申请{count}件。") for count in (17, 17, 18)))
    statements, issues = narrative.read(document, year=2020)
    assert [statement.value for statement in statements] == [Decimal(17), Decimal(18)]
    assert [issue.kind for issue in issues] == ["narrative_conflict"]
    assert statements[0].place.block == 1


def test_long_sentences_end_in_time() -> None:
    assert said("收到" + "政府信息公开的" * 20_000) == []
