"""The e-mail as bytes: what every mail program and server needs of it, and that it never varies."""

import base64
import datetime as dt
import re
from dataclasses import replace
from email.utils import parsedate_to_datetime

import pytest

from config.env import Settings
from crawler.errors import DeliveryError
from monitor.alerts.letter import Digest
from monitor.channels import email
from tests.monitor.newsroom import body, parsed

DIGEST = Digest("[公开] 逾期未公布 2（2024-02-05）", "正文\n第二行\n", "<p>正文</p>\n")
AT = dt.datetime(2024, 2, 5, 1, 30, tzinfo=dt.UTC)
SETTINGS = Settings(mail_from="gongkai@watch.example.org")


def compose(digest: Digest = DIGEST) -> bytes:
    return email.compose(
        digest, settings=SETTINGS, recipient="office@example.org", message_id="0123abc@watch.example.org", at=AT
    )


def test_headers() -> None:
    message = parsed(compose())
    assert message["From"] == "gongkai <gongkai@watch.example.org>"
    assert message["To"] == "office@example.org"
    assert message["Subject"] == DIGEST.subject
    assert message["Message-ID"] == "<0123abc@watch.example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "gongkai <gongkai.watch.example.org>"
    assert message["MIME-Version"] == "1.0"
    assert message["Date"] == "Mon, 05 Feb 2024 09:30:00 +0800"
    assert parsedate_to_datetime(message["Date"]) == AT


SUBJECTS = [
    DIGEST.subject,
    "plain",
    "ascii that is longer than a line may be " * 5,
    "中" * 200,
    "a中" * 90,
    "𠀀𠮷野家" * 30,  # four bytes each
    "=?utf-8?q?made_up?=",
    "示例市水利局逾期未公布 12 · 改动 3 · 勾稽不符 40 · 年度不衔接 2 · 网站不可见 1（2024-02-05）",
]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_chinese_headers_as_a_strict_reader_wants_them(subject: str) -> None:
    """RFC 2047, 2 and 5: words of at most 75 characters, lines of at most 76, each word whole characters by itself."""
    wire = compose(Digest(subject, "x", "x"))
    raw = re.search(rb"^Subject: (.*?)\r\n(?! )", wire, re.S | re.M)
    assert raw is not None
    lines = raw[0].decode("ascii").removesuffix("\r\n").split("\r\n ")
    assert max(map(len, lines)) <= 76
    words = raw[1].decode("ascii").split("\r\n ")
    if words != [subject]:
        texts = []
        for word in words:
            match = re.fullmatch(r"=\?utf-8\?b\?([A-Za-z0-9+/]+=*)\?=", word, re.I)
            assert match is not None, word
            assert len(word) <= 75
            texts.append(base64.b64decode(match[1], validate=True).decode("utf-8"))
        assert "".join(texts) == subject
    assert parsed(wire)["Subject"] == subject
    assert parsed(wire).defects == []


END = "https://watch.example.org/unsubscribe/" + "a" * 380 + "." + "b" * 43


def test_one_click_ends_it_where_the_page_can_be_reached_safely() -> None:
    wire = compose(replace(DIGEST, unsubscribe=END))
    message = parsed(wire)
    web, mail = (part.strip().strip("<>") for part in str(message["List-Unsubscribe"]).split(","))
    assert web == END
    assert mail == f"mailto:gongkai@watch.example.org?subject=unsubscribe%20{END.rpartition('/')[2]}"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert max(map(len, wire.split(b"\r\n"))) <= 998
    assert message.defects == []


def test_without_https_only_a_mail_ends_it() -> None:
    message = parsed(compose(replace(DIGEST, unsubscribe="http://127.0.0.1:8600/unsubscribe/a.b")))
    assert message["List-Unsubscribe"] == "<mailto:gongkai@watch.example.org?subject=unsubscribe%20a.b>"
    assert message["List-Unsubscribe-Post"] is None
    assert parsed(compose())["List-Unsubscribe"] is None


def test_what_belongs_together_answers_the_same_root() -> None:
    def root(thread: str, recipient: str = "office@example.org") -> tuple[str | None, str | None]:
        message = parsed(
            email.compose(
                replace(DIGEST, thread=thread),
                settings=SETTINGS,
                recipient=recipient,
                message_id="1@example.org",
                at=AT,
            )
        )
        return message["In-Reply-To"], message["References"]

    first = root("agency shili-slj")
    assert first[0] == first[1] == root("agency shili-slj")[0]
    assert re.fullmatch(r"<[0-9a-f]{40}@watch\.example\.org>", first[0] or "")
    assert (
        len({first, root("agency shili-mzj"), root("subscription city"), root("agency shili-slj", "b@example.org")})
        == 4
    )
    assert root("") == (None, None)


def test_text_comes_first_and_html_last() -> None:
    message = parsed(compose())
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert (body(message), body(message, "html")) == (DIGEST.text, DIGEST.html)


def test_the_wire_carries_ascii_in_short_crlf_lines() -> None:
    wire = compose(Digest("中" * 200, "长" * 5000, "长" * 5000))
    assert wire.isascii()
    assert not re.search(rb"[^\r]\n|\r[^\n]", wire)
    assert max(map(len, wire.split(b"\r\n"))) <= 998
    assert parsed(wire)["Subject"] == "中" * 200


def test_the_same_arguments_make_the_same_bytes() -> None:
    assert compose() == compose()


def test_a_line_break_in_the_subject_makes_no_header() -> None:
    with pytest.raises(ValueError, match=r"linefeed|newline"):
        compose(Digest("a\r\nBcc: victim@example.org", "", ""))


@pytest.mark.parametrize("url", ["http://example.org", "mailbox", "ftp://x"])
def test_a_scheme_that_nobody_serves(url: str) -> None:
    with pytest.raises(DeliveryError, match="is none of smtp, smtps, file"):
        email.deliver(b"", settings=Settings(mail_url=url), recipient="a@example.org")


def test_an_address_that_is_not_ascii_is_refused_for_good() -> None:
    with pytest.raises(DeliveryError, match="xn--") as caught:
        email.deliver(compose(), settings=Settings(mail_url="file:///nowhere"), recipient="局@例子.cn")
    assert caught.value.permanent
