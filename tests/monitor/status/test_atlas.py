"""The tree of regions: names from the registry and from the standard, and nothing invented where neither names one."""

import datetime as dt
from functools import partial
from pathlib import Path

import pytest

from config.alerts import Alerts
from config.deadlines import Deadlines
from config.env import PACKAGED_CONFIG
from config.load import Configuration, read_yaml
from config.schema import Agency, AgencyKind
from crawler.store.session import open_store
from monitor.board import build
from monitor.days import SHANGHAI
from monitor.status.views.atlas import Atlas

PLACES = {  # codes and names as GB/T 2260 has them; the offices are invented
    "100000": "全国",
    "370000": "山东省",
    "371502": "山东省聊城市东昌府区",
    "371581": "山东省聊城市临清市",
    "370213": "山东省李沧区",  # its text does not name the city
    "429004": "湖北省仙桃市",
    "110101": "北京市东城区",
    "110105": "北京市朝阳区",
    "990121": "示例省示例市示例县",
}


@pytest.fixture(scope="module")
def regions(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    folder: Path = tmp_path_factory.mktemp("regions")
    agencies = {
        f"shili-{code}": Agency(
            id=f"shili-{code}",
            name="示例局",
            region_code=code,
            region=name,
            kind=AgencyKind.DEPARTMENT,
            invented=True,
        )
        for code, name in PLACES.items()
    }
    zone = agencies["shili-371502"].model_copy(update={"id": "shili-zone", "region": "山东省聊城市东昌府区某某开发区"})
    deadlines = Deadlines.model_validate(read_yaml(PACKAGED_CONFIG / "deadlines.yml"))
    configuration = Configuration({**agencies, zone.id: zone}, {}, deadlines, Alerts())
    with open_store(f"sqlite:///{folder / 'store.db'}", create=True)() as session:
        return Atlas(build(session, configuration, dt.datetime(2025, 3, 20, tzinfo=SHANGHAI)))


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("371502", "山东省聊城市东昌府区"),  # not the zone within it
        ("371500", "山东省聊城市"),  # in no row itself: as its counties agree
        ("370200", "山东省（370200）"),  # nobody names it
        ("420000", "湖北省"),
        ("429000", "湖北省省直辖县级行政区划"),
        ("110000", "北京市"),
        ("990000", "示例省"),
        ("100000", ""),
        ("130000", "河北省"),  # no agency at all
        ("770000", "770000"),
    ],
)
def test_names(regions: Atlas, code: str, name: str) -> None:
    assert regions.name(code) == name


@pytest.mark.parametrize(
    ("code", "children"),
    [
        ("", [("100000", True), ("110000", False), ("370000", False), ("420000", False), ("990000", False)]),
        ("370000", [("370000", True), ("370200", False), ("371500", False)]),
        ("371500", [("371502", False), ("371581", False)]),
        ("110000", [("110101", False), ("110105", False)]),  # a city that is a province has no prefectures
        ("371502", []),
        ("130000", []),
    ],
)
def test_one_level_below(regions: Atlas, code: str, children: list[tuple[str, bool]]) -> None:
    assert [(region.code, region.own) for region in regions.children(code)] == children


def test_the_way_down_and_what_may_be_chosen(regions: Atlas) -> None:
    assert [region.short for region in regions.path("371502")] == ["山东省", "聊城市", "东昌府区"]
    assert [region.short for region in regions.path("110105")] == ["北京市", "朝阳区"]
    assert regions.path("100000") == ()
    assert [region.short for region in regions.around("371502")] == ["东昌府区", "临清市"]  # its sisters
    assert [region.code for region in regions.around("370000")] == ["370200", "371500"]
    assert [region.code for region in regions.around("130000")] == ["110000", "370000", "420000", "990000"]


def test_what_is_remembered_is_bounded(regions: Atlas) -> None:
    for number in range(1000):
        assert regions.remembered(("probe", number), partial(int, number)) == number
    assert len(regions._remembered) <= 128
    assert regions.remembered(("probe", 999), lambda: -1) == 999
