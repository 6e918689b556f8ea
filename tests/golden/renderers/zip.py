"""A ZIP as portals offer it: the report as DOCX beside a read-me file, names in GBK without a flag."""

from __future__ import annotations

import io
import zipfile

from tests.golden.forms import InventedReport
from tests.golden.renderers import docx

SUFFIX = "zip"

_MOMENT = (2021, 1, 10, 9, 0, 0)


def render(report: InventedReport) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr(entry(f"附件/{report.title}.docx"), docx.render(report))
        container.writestr(entry("附件/说明.txt"), "本压缩包为示例，机关和数字均为虚构。".encode("gb18030"))
    return stream.getvalue()


def entry(name: str) -> zipfile.ZipInfo:
    """A member whose name is in GBK, as older Chinese programs write it: zipfile keeps such bytes as code page 437."""
    found = _GbkName("x", _MOMENT)
    found.filename = name
    found.compress_type = zipfile.ZIP_DEFLATED
    return found


class _GbkName(zipfile.ZipInfo):
    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gb18030"), self.flag_bits & ~0x800
