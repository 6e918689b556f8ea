"""Declared and real encodings: the bytes decide."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.formats.charset import decode

TEXT = "政府信息公开工作年度报告，本报告所列数据的统计期限自2023年1月1日起"


@pytest.mark.parametrize(
    ("declared", "real", "found", "lies"),
    [
        ("utf-8", "utf-8", "utf-8", False),
        ("gb2312", "gb18030", "gb18030", False),
        ("GBK", "gb18030", "gb18030", False),
        ("utf-8", "gb18030", "gb18030", True),
        ("gb2312", "utf-8", "utf-8", True),
        ("iso-8859-1", "utf-8", "utf-8", True),
        ("no-such-charset", "utf-8", "utf-8", False),
    ],
)
def test_meta_against_bytes(declared: str, real: str, found: str, lies: bool) -> None:
    page = f'<html><head><meta charset="{declared}"></head><p>{TEXT}</p>'
    text, encoding, issues = decode(page.encode(real))
    assert TEXT in text
    assert encoding == found
    assert [issue.kind for issue in issues] == (["charset_lies"] if lies else [])


def test_header_goes_before_meta_and_both_may_lie() -> None:
    text, encoding, issues = decode(TEXT.encode("gb18030"), content_type="text/html; charset=UTF-8")
    assert (text, encoding) == (TEXT, "gb18030")
    assert [issue.kind for issue in issues] == ["charset_lies"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_mark(encoding: str) -> None:
    text, _, issues = decode(TEXT.encode(encoding))
    assert text == TEXT
    assert issues == ()


def test_big5_only_where_it_is_declared() -> None:
    page = "<meta charset=big5><p>政府資訊公開年度報告與統計資料一覽</p>"
    assert decode(page.encode("big5"))[:2] == (page, "big5")


def test_short_text_that_fits_both_follows_its_declaration() -> None:
    data = b"<meta charset=gbk>" + "联通".encode("gbk")
    assert data.decode("utf-8", errors="ignore") != data.decode("gbk")
    assert decode(data)[0].endswith("联通")


def test_damaged_bytes_never_raise() -> None:
    damaged = TEXT.encode()[:-1] + b"\xff\xfe\xff" + TEXT.encode()
    text, encoding, issues = decode(damaged)
    assert encoding == "utf-8"
    assert "�" in text
    assert [issue.kind for issue in issues] == ["bad_bytes"]


def test_ascii_has_nothing_to_lie_about() -> None:
    assert decode(b"<meta charset=gb2312><p>2023</p>")[2] == ()


def page(text: str, encoding: str, declared: str = "") -> bytes:
    return f'<html><head><meta charset="{declared}"></head><p>{text}</p>'.encode(encoding)


@pytest.mark.parametrize("declared", ["", "utf-8", "gb2312", "iso-8859-1", "x-user-defined"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("damage", [b"\xff", b"\x80", b"\xe6", b"\xff\xfe\xff"])
def test_a_few_broken_bytes_do_not_change_the_encoding(encoding: str, declared: str, damage: bytes) -> None:
    whole = page(TEXT * 3, encoding, declared)
    middle = len(whole) // 2
    text, found, issues = decode(whole[:middle] + damage + whole[middle:])
    assert found == encoding
    assert TEXT in text
    kinds = {issue.kind for issue in issues}
    assert kinds <= {"bad_bytes", "charset_lies"}
    assert "bad_bytes" in kinds or encoding == "gb18030"  # there a stray byte may make another character


def test_big5_without_declaration_is_no_mojibake() -> None:
    text = "政府資訊公開年度報告與統計資料一覽，機關依法公開政府資訊並受理申請案件"
    assert decode(page(text, "big5"))[:2] == (page(text, "utf-8").decode(), "big5")


def test_fragments_of_another_encoding_are_named() -> None:
    mixed = page(TEXT * 3, "gb18030") + "主办单位：示例市政务公开办公室".encode()
    text, encoding, issues = decode(mixed)
    assert TEXT in text
    assert encoding == "gb18030"
    assert "charset_mixed" in [issue.kind for issue in issues]


def test_text_encoded_twice_is_doubtful() -> None:
    twice = TEXT.encode().decode("latin-1").encode()
    assert [issue.kind for issue in decode(twice)[2]] == ["charset_doubtful"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_byte_order_mark(encoding: str) -> None:
    assert decode(f"<html>{TEXT}</html>".encode(encoding))[:2] == (f"<html>{TEXT}</html>", encoding)


def test_hz_only_where_it_is_declared() -> None:
    data = b"<meta charset=hz-gb-2312><p>" + "公开".encode("hz")
    assert decode(data)[0].endswith("公开")
    assert decode(b"<p>~{9+?*~}")[0] == "<p>~{9+?*~}"


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["utf-8", "gb18030"]),
    st.sampled_from(["", "gbk", "utf-8", "big5"]),
    st.randoms(use_true_random=False),
)
def test_random_damage_never_makes_silent_mojibake(encoding: str, declared: str, chance: random.Random) -> None:
    data = bytearray(page(TEXT, encoding, declared))
    for _ in range(chance.randrange(1, 6)):
        place = chance.randrange(len(data))
        data[place : place + chance.randrange(2)] = chance.randbytes(chance.randrange(3))
    _, found, issues = decode(bytes(data))
    assert found == encoding or {"bad_bytes", "charset_doubtful"} & {issue.kind for issue in issues}
