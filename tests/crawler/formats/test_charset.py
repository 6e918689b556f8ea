"""Declared and real encodings: the bytes decide."""

import pytest

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
