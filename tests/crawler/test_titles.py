"""Titles of annual reports and of what stands beside them. The names are invented, the shapes are met ones."""

import csv
import re
from pathlib import Path

import pytest

from crawler.titles import judge_title

REAL = Path(__file__).resolve().parents[3] / "shared" / "reference" / "report_urls.tsv"

REPORTS = """
示例市教育局2023年政府信息公开工作年度报告
示例市教育局2023年度政府信息公开工作年度报告
示例市教育局2023年度政府信息公开年度报告
示例市2017年政府信息公开年度工作报告
示例市公安局政府信息公开工作2021年度报告
示例市民政局信息公开工作年度报告(2020年度)
示例市风景区管理委员会办公室2024年度政府信息公开工作报告
示例省人民政府2017年政府信息公开工作报告
2023年度(示例)市应急管理局政府信息公开工作报告
2019年示例市政府信息公开工作年度报告
示例区工信局2021年度政府信息公开年度报告
政府信息公开工作年度报告
示例县政府信息公开年报（2019）
二〇二〇年示例市政府信息公开年度报告
示例市党政综合办公室(行政审批)2025年政府信息公开工作年度报告
示例市 2023年　政府信息公开 工作年度报告
示例市２０２３年政府信息公开工作年度报告
示例市统计局2020年度信息公开年度报告
2021年示例市财政局政府信息公开工作年度报告
示例市审计局2022年政府信息公开工作年度报告
示例市质量监督局2018年政府信息公开年度报告
示例市生态环境保护和综合执法局2022年政府信息公开工作年度报告
示例市督查室2021年政府信息公开工作年度报告
示例会议中心2022年政府信息公开年报
关于示例局2022年政府信息公开工作年度报告的公告
示例市教育局2023年政府信息公开工作年度报告...
"""

LOOKALIKES = """
2021年度政府网站年度工作报表
示例市2023年政府网站工作年度报表
示例市政府网站监管年度报表（2022年度）
2023年政府工作报告
示例市2024年政府工作报告（全文）
2023年政务公开工作要点
示例市2023年政府信息公开工作要点
图解：示例市2022年政府信息公开工作年度报告
一图读懂示例市2022年政府信息公开工作年度报告
示例市2022年政府信息公开工作年度报告解读
关于做好2023年政府信息公开工作年度报告编制和发布工作的通知
示例县人民政府办公室关于报送2023年政府信息公开工作年度报告的通知
关于报送2022年度政府信息公开年报的函
示例局政府信息公开指南
示例局政府信息公开目录
示例市政府信息公开工作年度报告格式
2022年政府信息公开年度报告统计表
示例市政府信息公开制度
示例市2022年法治政府建设年度报告
示例市2023年预算执行情况报告
示例市召开全市工作会议
"""

UNSURE = """
示例市示例区行政审批服务局2021年政府信…
示例市示例区行政审批服务局2021年政...
示例市人民政府办公室关于印发⋯
示例市大数据…
示例市统计局关于…
2022
2022年
2022年度
示例局2017年信息公开工作总结
示例局政务公开工作情况报告
"""


@pytest.mark.parametrize(
    ("title", "verdict"),
    [(title, "report") for title in REPORTS.strip().splitlines()]
    + [(title, "lookalike") for title in LOOKALIKES.strip().splitlines()]
    + [(title, "unsure") for title in ["", "...", *UNSURE.strip().splitlines()]],
)
def test_titles(title: str, verdict: str) -> None:
    found, reason = judge_title(title)
    assert found == verdict, reason
    assert reason


def test_the_titles_of_real_reports() -> None:
    if not REAL.is_file():
        pytest.skip(f"{REAL} is absent: the titles of real reports are not part of the project")
    with REAL.open(encoding="utf-8", newline="") as stream:
        titles = [re.sub(r" \(.*$", "", row["title"]) for row in csv.DictReader(stream, delimiter="\t")]
    assert len(titles) >= 60
    missed = [title for title in titles if judge_title(title)[0] == "lookalike"]
    unsure = [title for title in titles if judge_title(title)[0] == "unsure"]
    assert missed == []
    assert len(unsure) <= 1, unsure
