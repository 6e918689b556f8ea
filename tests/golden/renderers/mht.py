"""A web archive as "export to Word" writes it with the name .doc: MIME around the page, base64."""

from __future__ import annotations

from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from tests.golden.forms import InventedReport
from tests.golden.renderers import html

SUFFIX = "mht"


def render(report: InventedReport) -> bytes:
    message = MIMEMultipart("related", type="text/html", boundary="----=_NextPart_01D0")
    page = MIMEText(html.render(report).decode("utf-8"), "html", "utf-8")
    page["Content-Location"] = "file:///C:/report.htm"
    message.attach(page)
    return message.as_bytes()
