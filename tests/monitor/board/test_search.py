"""Finding agencies by words: names of all times, pinyin, initials, ids, whatever is typed."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.store.session import open_store
from monitor.board import Board, build
from monitor.board.board import SEARCHES
from monitor.board.folding import folded, pinyin
from tests.monitor.board.world import NOW, agency, configuration

AGENCIES = (
    agency(1, "示例市教育局", former=["示例市教育委员会"]),
    agency(2, "示例县水务局", aliases=["示例水务"]),
    agency(3, "示例银行监管局"),
    agency(4, "示例Ａ区ＧＯＮＧ办"),
    agency(12, "示例长沙办事处"),
)


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    sessions = open_store(f"sqlite:///{tmp_path_factory.mktemp('search') / 'store.db'}", create=True)
    with sessions() as session:
        yield build(session, configuration(AGENCIES), NOW, NOW)
    sessions.kw["bind"].dispose()


def found(board: Board, text: str) -> list[str]:
    return sorted(board.ids[row] for row in np.flatnonzero(board.select(text=text)))


EVERYBODY = sorted(one.id for one in AGENCIES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("教育", ["shili-1"]),
        ("教育 局", ["shili-1"]),
        ("教育 水务", []),
        ("教育委员会", ["shili-1"]),  # a former name
        ("示例水务", ["shili-2"]),  # a short name
        ("shuiwu", ["shili-2"]),
        ("SHUIWU", ["shili-2"]),
        ("slxswj", ["shili-2"]),  # initials
        ("yinhang", ["shili-3"]),  # not xing: the word decides
        ("changsha", ["shili-12"]),
        ("gong", ["shili-4"]),
        ("ＧＯＮＧ", ["shili-4"]),
        ("A区", ["shili-4"]),
        ("shili-2", ["shili-2"]),
        ("shili-1", ["shili-1", "shili-12"]),
        ("", EVERYBODY),
        ("   \t ", EVERYBODY),
        ("不存在", []),
        ("局\n示例", ["shili-1", "shili-2", "shili-3"]),  # two words
        ("局示例", []),  # no word goes over the end of a name
        ("%", []),
        ("'; DROP TABLE board; --", []),
        ("<script>", []),
        (".*", []),
        ("\x00", []),
        ("𠀀", []),
        ("教" * 10_000, []),
    ],
)
def test_by_words(board: Board, text: str, expected: list[str]) -> None:
    assert found(board, text) == expected


def test_half_a_sign_is_no_sign(board: Board) -> None:
    assert found(board, "\ud840") == []


@settings(max_examples=150, deadline=None)
@given(text=st.text(alphabet=st.characters(codec="utf-8"), max_size=12))
def test_any_text_is_a_question(board: Board, text: str) -> None:
    words = [folded(word) for word in text.split()]
    expected = []
    for one in AGENCIES:
        names = [one.name, *one.aliases, *(former.name for former in one.former_names)]
        parts = [*names, *(part for name in names for part in pinyin(name)), one.id]
        if all(any(word in folded(part) for part in parts) for word in words):
            expected.append(one.id)
    assert found(board, text) == sorted(expected)


def test_answers_are_kept_and_nobody_alters_them(board: Board) -> None:
    first = board.select(text="教育")
    first[:] = True
    assert found(board, "教育") == ["shili-1"]
    for number in range(SEARCHES * 2):
        board.select(text=f"词{number}")
    assert len(board._found) <= SEARCHES


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("示例县民政局", ("shilixianminzhengju", "slxmzj")),
        ("示例银行", ("shiliyinhang", "slyh")),
        ("ABC示例12局", ("ABCshili12ju", "ABCsl12j")),
        ("示例（本级）", ("shili（benji）", "sl（bj）")),
        ("", ("", "")),
    ],
)
def test_pinyin_and_initials(name: str, expected: tuple[str, str]) -> None:
    assert pinyin(name) == expected
