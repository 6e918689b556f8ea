"""A plain page with the spans of the form, as editors paste it."""

from __future__ import annotations

from html import escape

from tests.golden.forms import InventedReport
from tests.golden.pages import block_html

SUFFIX = "html"


def render(report: InventedReport) -> bytes:
    body = "\n".join(block_html(block) for block in report.blocks)
    page = (
        f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(report.title)}</title></head>'
    )
    return f"{page}\n<body>\n{body}\n</body></html>\n".encode()
