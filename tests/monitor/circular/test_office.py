"""Both files opened by LibreOffice: the draft becomes a PDF with its Chinese text, the worksheet a CSV."""

import csv
import io
import os
import shutil
import subprocess
from pathlib import Path

import pypdfium2
import pytest

from crawler.formats.legacy.soffice import program
from monitor.circular import files
from monitor.circular.model import Circular
from tests.monitor.circular import town

pytestmark = pytest.mark.integration
SECONDS = 180  # a bound only; it takes some five
CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"  # UTF-8, every sheet a file


@pytest.fixture(scope="module")
def converted(circular: Circular, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both files as PDF, and each sheet as CSV."""
    folder = tmp_path_factory.mktemp("office")
    targets = files.paths(folder, circular.asked, files.FORMATS)
    files.save(circular, targets)
    for kind, form in (("docx", "pdf"), ("xlsx", CSV), ("xlsx", "pdf")):
        out = folder / f"{kind}-{form[:3]}"
        environment = {"HOME": str(folder), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"}
        subprocess.run(
            [
                program(),
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                *("--headless", "--norestore", "--convert-to", form, "--outdir", str(out), str(targets[kind])),
            ],
            env=environment,
            check=True,
            timeout=SECONDS,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    return folder


def pdf(folder: Path) -> tuple[int, str]:
    """How many pages, and their text without blanks and line ends."""
    document = pypdfium2.PdfDocument(next(folder.glob("*.pdf")))
    try:
        texts = [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()
    return len(texts), "".join("".join(texts).split())


def test_the_draft_as_it_is_printed(converted: Path, screens: Path) -> None:
    pages, text = pdf(converted / "docx-pdf")
    assert pages >= 5
    for words in (
        "【示例】关于示例省示例市2023年度政府信息公开工作年度报告发布情况的通报",
        "（草稿，未经核实，不是任何机关的文件）",
        "一、未见公布",
        "示例市文化和旅游局",
        "六、要求",
        "应当核对原始数据，确有错误的予以更正并说明",
        "—1—",
        f"—{pages}—",
    ):
        assert words.replace(" ", "") in text
    _draw(next((converted / "docx-pdf").glob("*.pdf")), screens / "circular-draft")


def test_the_worksheet_as_it_is_printed(converted: Path, screens: Path) -> None:
    pages, text = pdf(converted / "xlsx-pdf")
    assert pages >= 7
    for words in ("核查工作表·总表", "示例市水利局", "复核结论", "2024-02-0620:00", f"第1页，共{pages}页"):
        assert words in text
    _draw(next((converted / "xlsx-pdf").glob("*.pdf")), screens / "circular-worksheet")


def test_the_worksheet_as_csv(converted: Path) -> None:
    sheets = {path.stem.rpartition("-")[2]: path for path in (converted / "xlsx-csv").glob("*.csv")}
    assert sorted(sheets) == sorted(["总表", "未见公布", "逾期", "改动", "数据问题", "无法核实", "说明"])
    whole = list(csv.reader(io.StringIO(sheets["总表"].read_text(encoding="utf-8"))))
    by_id = {row[0]: row for row in whole[2:]}
    assert list(by_id) == list(town.OFFICES)
    assert by_id["shili-gsj"][1] == town.FORMULA  # its text, not what it would compute
    assert "2024-01-31" in by_id["shili-slj"]
    assert "=1+1 网站改版" in sheets["逾期"].read_text(encoding="utf-8")


def _draw(path: Path, folder: Path) -> None:
    """Every page as a picture, for a person to look at; never committed."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    document = pypdfium2.PdfDocument(path)
    for number in range(len(document)):
        document[number].render(scale=1.2).to_pil().save(folder / f"{number + 1:02}.png")
    document.close()
