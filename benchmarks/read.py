"""The reader's figures of merit: `python -m benchmarks.read`, or `make bench-read`.

Starts one process after the other on this machine and reads the made golden files; opens no socket. Reports per
second and core with the peak of memory, one process a format; our HTML beside a plain BeautifulSoup grid; our
tables of text PDFs beside pdfplumber's.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

GOAL = 3.0  # times as fast as what one would use instead
MEGABYTE = 1024 * 1024

_KINDS = {"made": "原样 as made", "dressed": "带门户样式 with a portal's styles"}
_CONTESTANTS = {
    "document": "本项目：整份文档 ours: the whole document",
    "grid": "本项目：只取表格 ours: the tables alone",
    "soup_lxml": "BeautifulSoup(lxml) 表格 its plain grid",
    "soup_parser": "BeautifulSoup(html.parser) 表格 its plain grid",
}
# In a process of its own, so that one contest does not warm the other.
_PDF = (
    "import dataclasses, json\n"
    "from benchmarks import read_pdf\n"
    "print(json.dumps(dataclasses.asdict(read_pdf.compare(sorted(read_pdf.MADE.glob('pdf-*.pdf'))))))"
)
_FORMATS = "import json; from tests.golden.renderers import RENDERERS; print(json.dumps(list(RENDERERS)))"


def main() -> None:
    rates()
    html()
    pdf()


def rates() -> None:
    print("一、读取速度（字节→文档→数字）和内存峰值，每种格式一个进程")
    print("   Reading speed (bytes → document → figures) and peak memory, one process a format")
    print(f"   {'格式 format':<14}{'份/秒·核 per s and core':>28}{'毫秒/份 ms each':>20}{'内存 MB peak (start)':>26}")
    for name in answer("-c", _FORMATS):
        figures = answer("-m", "benchmarks.measure", name)
        each = figures["seconds"] / figures["documents"]
        memory = f"{figures['memory_peak'] / MEGABYTE:.0f} ({figures['memory_before'] / MEGABYTE:.0f})"
        print(f"   {name:<14}{1 / each:>25.1f}{each * 1000:>21.1f}{memory:>25}", flush=True)


def html() -> None:
    for kind, figures in answer("-m", "benchmarks.read_html").items():
        size = figures["bytes"] / figures["pages"] / 1024
        print(f"\n二、HTML 对照 HTML side by side，{_KINDS[kind]}：{figures['pages']} 页 pages, {size:.0f} KB")
        yardstick = figures["seconds"]["soup_lxml"]
        for name, label in _CONTESTANTS.items():
            each = figures["seconds"][name] / figures["pages"] * 1000
            ratio = yardstick / figures["seconds"][name]
            right = f"{figures['right'][name]}/{figures['facts']}"
            print(f"   {label:<52}{each:>8.2f} ms{ratio:>7.2f}×   对 right {right}")
        verdict("BeautifulSoup(lxml)", yardstick / figures["seconds"]["document"])


def pdf() -> None:
    figures = answer("-c", _PDF)
    print(f"\n三、文字 PDF 对照 Text PDFs side by side：{figures['pages']} 页 pages, {figures['cells']} 格 cells")
    ours, theirs = figures["seconds_ours"], figures["seconds_pdfplumber"]
    for label, seconds, right in (
        ("本项目 ours", ours, figures["right_ours"]),
        ("pdfplumber extract_tables()", theirs, figures["right_pdfplumber"]),
    ):
        each = seconds / figures["pages"] * 1000
        print(f"   {label:<52}{each:>8.2f} ms/页 a page   对 right {right}/{figures['cells']}")
    verdict("pdfplumber", theirs / ours)


def verdict(yardstick: str, ratio: float) -> None:
    word = "达到 reached" if ratio >= GOAL else "未达到 not reached"
    print(f"   是 {yardstick} 的 {ratio:.2f} 倍速度 times as fast；目标 goal {GOAL:.0f}：{word}", flush=True)


def answer(*arguments: str) -> Any:
    """The JSON that a Python process of ours writes as its last line."""
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"测量失败 The measurement failed: {' '.join(arguments)}\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
