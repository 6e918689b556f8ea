"""When two printed labels are the same label."""

import pytest

from crawler.reports.labels import normalise, unit_in


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("（一）予以公开", "(一) 予以公开"),
        ("（一）予以公开", "一、予以公开"),
        ("3.危及“三安全一稳定”", '3．危及"三安全一稳定"'),
        ("3.危及“三安全一稳定”", "危及三安全一稳定"),
        ("尚未\n审结", "尚未审结"),
        ("总　计", "总计"),
        ("本年收费金额（单位：万元）", "本年收费金额(单位:元)"),
        ("2.没有现成信息需要另行制作", "没有现成信息，需要另行制作"),
        ("本年新\u200b公开数量", "本年新公开数量"),
        (
            "（本列数据的勾稽关系为：第一项加第二项之和，\n等于第三项加第四项之和）",
            "(本列数据的勾稽关系为:第一项加第二项之和,等于第三项加第四项之和)",
        ),
    ],
)
def test_the_same(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("其他", "其他处理"),
        ("处理决定数量", "本年处理决定数量"),
        ("结果维持", "结果纠正"),
        ("第二十条第（一）项", "第二十条第（五）项"),
    ],
)
def test_not_the_same(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("本年收费金额（单位：万元）", "万元"),
        ("采购总金额(单位: 元)", "元"),
        ("采购总金额（万元）", "万元"),
        ("采购总金额", None),
    ],
)
def test_unit_of_a_label(label: str, unit: str | None) -> None:
    assert unit_in(label) == unit
