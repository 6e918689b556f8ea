"""A printed name against the registry: what is regular is recognised, everything else is another office."""

import datetime as dt

import pytest

from config.schema import Agency, AgencyKind, FormerName
from crawler.agencies import Likeness, Registry, narrowed
from crawler.names import after_region, made_of, normalised, region_parts

KINDS = {"部门": AgencyKind.DEPARTMENT, "政府": AgencyKind.GOVERNMENT, "乡镇": AgencyKind.TOWNSHIP}


def agency(id_: str, name: str, region: str = "示例省示例市", kind: str = "部门", **more: object) -> Agency:
    return Agency.model_validate(
        {"id": id_, "name": name, "region": region, "region_code": "990100", "kind": KINDS[kind], "invented": True}
        | more
    )


ALL = [
    agency("water", "示例市水利局", aliases=("示例市水务局",)),
    agency("forest", "示例市林业局"),
    agency("district-water", "示例市东示例区水利局", "示例省示例市东示例区"),
    agency("twin-a", "甲示例市中示例区水利局", "示例省甲示例市中示例区"),
    agency("twin-b", "乙示例市中示例区水利局", "示例省乙示例市中示例区"),
    agency("city", "示例市人民政府", kind="政府"),
    agency("town", "示例县示例镇人民政府", "示例省示例市示例县", kind="乡镇"),
    agency("street", "示例县西示例街道办事处", "示例省示例市示例县", kind="乡镇"),
    agency("zone", "示例高新区管理委员会", "示例省示例市示例高新区"),
    agency("health", "示例市卫生健康委员会"),
    agency("general", "示例高新区党政综合办公室（行政审批）", "示例省示例市示例高新区"),
    agency("banner", "示例右旗人民政府办公室", "示例自治区示例盟示例右旗"),
]
REGISTRY = Registry({one.id: one for one in ALL})


@pytest.mark.parametrize(
    ("printed", "expected", "likeness"),
    [
        ("示例市水利局", {"water"}, Likeness.FULL),
        ("示例市水务局", {"water"}, Likeness.FULL),
        ("示例市 水利局\u3000", {"water"}, Likeness.FULL),
        ("示例省示例市水利局", {"water"}, Likeness.FULL),
        ("东示例区水利局", {"district-water"}, Likeness.SHORT),
        ("示例省东示例区水利局", {"district-water"}, Likeness.FULL),
        ("示例市示例市东示例区水利局", {"district-water"}, Likeness.FULL),
        ("中示例区水利局", {"twin-a", "twin-b"}, Likeness.SHORT),
        ("甲示例市中示例区水利局", {"twin-a"}, Likeness.FULL),
        ("水利局", {"water", "district-water", "twin-a", "twin-b"}, Likeness.BARE),
        ("市水利局", {"water"}, Likeness.BARE),
        ("区水利局", {"district-water", "twin-a", "twin-b"}, Likeness.BARE),
        ("示例市", {"city"}, Likeness.FULL),
        ("示例市政府", {"city"}, Likeness.FULL),
        ("示例省示例市人民政府", {"city"}, Likeness.FULL),
        ("示例县示例镇", {"town"}, Likeness.FULL),
        ("示例镇", {"town"}, Likeness.BARE),
        ("示例镇人民政府", {"town"}, Likeness.BARE),
        ("示例县西示例街道", {"street"}, Likeness.FULL),
        ("西示例街道办", {"street"}, Likeness.BARE),
        ("示例高新区管委会", {"zone"}, Likeness.FULL),
        ("示例市卫生健康委", {"health"}, Likeness.FULL),
        ("示例高新区党政综合办公室(行政审批)", {"general"}, Likeness.FULL),
        ("(示例)市林业局", {"forest"}, Likeness.FULL),
        ("示例盟示例右旗人民政府办公室", {"banner"}, Likeness.FULL),
        ("示例市水文局", set(), None),
        ("利局", set(), None),
        ("局", set(), None),
        ("另一市水利局", set(), None),
        ("示例市林业", set(), None),
        ("", set(), None),
    ],
)
def test_names(printed: str, expected: set[str], likeness: Likeness | None) -> None:
    hits = REGISTRY.named(printed)
    best = [hit for hit in hits if hit.likeness is likeness]
    assert {hit.agency.id for hit in best} == expected
    assert all(hit.likeness <= (likeness or 0) for hit in hits)


def test_a_place_tells_which_of_several_is_meant() -> None:
    hits = REGISTRY.named("水利局")
    assert [hit.agency.id for hit in narrowed(hits, {"twin-b", "forest"})] == ["twin-b"]
    assert narrowed(hits, {"forest"}) == ()
    assert len(narrowed(hits, {"water", "district-water"})) == 2


def test_two_offices_of_one_name_are_both_found() -> None:
    twice = Registry({id_: agency(id_, "示例市水利局") for id_ in ("a", "b")})
    assert {hit.agency.id for hit in twice.named("示例市水利局")} == {"a", "b"}


def test_a_former_name_ends() -> None:
    former = (FormerName(name="示例市水利水产局", until=dt.date(2019, 2, 1)), FormerName(name="示例市水电局"))
    registry = Registry({"water": agency("water", "示例市水利局", former_names=former)})
    assert [
        hit.until for name in ("示例市水利水产局", "示例市水电局", "示例市水利局") for hit in registry.named(name)
    ] == [
        2019,
        None,
        None,
    ]


def test_a_successor_s_first_day_is_the_predecessor_s_last() -> None:
    old = agency("old", "示例市政务服务中心")
    new = agency("new", "示例市行政审批服务局", predecessor="old", valid_from=dt.date(2019, 2, 1))
    registry = Registry({"old": old, "new": new})
    assert [registry.existed_in(old, year) for year in (2008, 2018, 2019, 2020)] == [True, True, True, False]
    assert [registry.existed_in(new, year) for year in (2018, 2019, 2020)] == [False, True, True]
    assert [registry.settled_in(old, year) for year in (2017, 2018, 2019)] == [True, False, False]
    assert [registry.settled_in(new, year) for year in (2018, 2019, 2020)] == [False, False, True]
    assert registry.kin("old") == registry.kin("new") == {"old", "new"}


@pytest.mark.parametrize(
    ("region", "parts"),
    [
        ("上海市", ("上海市",)),
        ("北京市密云区", ("北京市", "密云区")),
        ("陕西省西安市未央区", ("陕西省", "西安市", "未央区")),
        ("山东省枣庄市市中区", ("山东省", "枣庄市", "市中区")),
        ("湖北省荆州市沙市区", ("湖北省", "荆州市", "沙市区")),
        ("湖南省常德市津市市", ("湖南省", "常德市", "津市市")),
        ("内蒙古自治区阿拉善盟阿拉善右旗", ("内蒙古自治区", "阿拉善盟", "阿拉善右旗")),
        ("贵州省黔东南苗族侗族自治州岑巩县", ("贵州省", "黔东南苗族侗族自治州", "岑巩县")),
        ("湖北省武汉市东湖新技术开发区", ("湖北省", "武汉市", "东湖新技术开发区")),
        ("示例市（虚构）", ("示例市",)),
        ("示例", ("示例",)),
    ],
)
def test_parts_of_a_region(region: str, parts: tuple[str, ...]) -> None:
    assert region_parts(region) == parts


def test_the_region_in_front_of_a_name() -> None:
    parts = ("陕西省", "西安市", "未央区")
    assert after_region("西安市未央区应急管理局", parts) == ("应急管理局", True)
    assert after_region("陕西省应急管理厅", parts) == ("应急管理厅", False)
    assert after_region("应急管理局", parts) == ("应急管理局", False)
    assert made_of("陕西省西安市", parts)
    assert made_of("西安市西安市", parts)
    assert not made_of("未央区西安市", parts)
    assert not made_of("咸阳市", parts)


def test_normal_form() -> None:
    assert normalised("示例高新区［行政审批］ ２局\u200b") == "示例高新区(行政审批)2局"
