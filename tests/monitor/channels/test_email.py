"""The e-mail as bytes: what every mail program and server needs of it, and that it never varies."""

import datetime as dt
import re
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
