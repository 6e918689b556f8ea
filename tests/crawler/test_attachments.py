"""Which links of a page are the report itself."""

from __future__ import annotations

import pytest

from crawler.attachments import MAX_ATTACHMENTS, attachments, keys, lasts
from crawler.page import Page

BASE = "https://www.example.org/zwgk/nb/202401/t20240118_1.html"
FOLDER = "https://www.example.org/zwgk/nb/202401/"
TABLES = "<table><tr><td>一、本年新收政府信息公开申请数量</td><td>3</td></tr></table>"


def found(body: str) -> list[str]:
    page = Page(BASE, f"<html><body><div class='TRS_Editor'>{body}</div></body></html>")
    return [url.removeprefix(FOLDER) for url in attachments(page)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<a href="./P020240118389613086419.pdf">示例局2023年政府信息公开年度报告.pdf</a>', ["P020240118389613086419.pdf"]),
        ('<a href="P02.DOC" appendix="true">附件1</a>', ["P02.DOC"]),
        ('<a href="a.wps">附件</a><a href="b.ofd">附件</a><a href="a.wps">再次</a>', ["a.wps", "b.ofd"]),
        ('<a href="/module/download/downfile.jsp?filename=1.pdf&amp;classid=0">附件</a>',
         ["https://www.example.org/module/download/downfile.jsp?filename=1.pdf&classid=0"]),
        ('<a href="/system/_content/download.jsp?urltype=news.DownloadAttachUrl&amp;wbfileid=7">年报</a>',
         ["https://www.example.org/system/_content/download.jsp?urltype=news.DownloadAttachUrl&wbfileid=7"]),
        ('<iframe src="/pdf/web/viewer.html?file=/upload/nb.pdf"></iframe>', ["https://www.example.org/upload/nb.pdf"]),
        ('<embed src="nb.pdf" type="application/pdf">', ["nb.pdf"]),
        ('<object data="nb.pdf"></object>', ["nb.pdf"]),
        ('<a href="nb.pdf#page=2">报告</a>', ["nb.pdf"]),
        ('<a href="sq.doc">政府信息公开申请表</a><a href="zn.pdf">政府信息公开指南</a>', []),
        ('<a href="x.pdf">政府信息公开年度报告及公开目录</a>', ["x.pdf"]),
        ('<a href="t20230118_2.html">上一年的年报</a><a href="javascript:down()">下载</a><a href="mailto:a@b.c">x</a>', []),
        ('<a href="http://[bad.pdf">报告</a>', []),
        ('<a href="ftp://www.example.org/nb.pdf">报告</a>', []),
        ("<!-- <a href='old.pdf'>报告</a> --><script>var a = '<a href=\"s.pdf\">报告</a>'</script>", []),
    ],
)  # fmt: skip
def test_documents(body: str, expected: list[str]) -> None:
    assert found(body) == expected
    assert found(TABLES + body) == expected


def test_pictures_stand_for_tables_only_where_the_page_has_none() -> None:
    pictures = '<p><img src="W020240118.jpg"></p><p><img src="W020240119.png" width="800"></p>'
    ornaments = '<img src="/images/logo.png"><img src="ewm.jpg"><img src="dot.gif" width="16" height="16">'
    assert found(pictures + ornaments) == ["W020240118.jpg", "W020240119.png"]
    assert found(TABLES + pictures) == []
    assert found('<a href="nb.pdf">报告</a>' + pictures) == ["nb.pdf"]


def test_pictures_outside_the_text_are_the_page_s_own() -> None:
    assert attachments(Page(BASE, "<html><body><div class='top'><img src='photo.jpg'></div></body></html>")) == ()


def test_no_more_than_a_bound() -> None:
    assert len(found("".join(f'<a href="{number}.pdf">报告{number}</a>' for number in range(100)))) == MAX_ATTACHMENTS


GATEWAY = "https://www.example.org/api-gateway/jpaas-web-server/front/document/download"


def test_a_file_at_a_changing_address_is_one_file() -> None:
    today, tomorrow = (f"{GATEWAY}?fileUrl={token}&fileName=2023%E5%B9%B4%E6%8A%A5.pdf" for token in ("a%2Fb", "c"))
    key = f"{GATEWAY}?fileName=2023%E5%B9%B4%E6%8A%A5.pdf"
    plain = "https://www.example.org/nb.pdf?v=1"
    assert keys([today, plain]) == {today: key, plain: plain}
    assert keys([tomorrow]) == {tomorrow: key}
    assert keys([key]) == {key: key}
    assert lasts(plain)
    assert not any(lasts(url) for url in (today, key))


def test_two_files_of_one_name_stay_two() -> None:
    one, two = (f"{GATEWAY}?fileUrl={token}&fileName=nb.pdf" for token in "ab")
    assert keys([one, two, one]) == {one: one, two: two}
    assert keys([f"{GATEWAY}?fileUrl=a"]) == {f"{GATEWAY}?fileUrl=a": f"{GATEWAY}?fileUrl=a"}
