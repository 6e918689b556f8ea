"""A whole visit, as a process of its own over HTTP, to portals whose lists are pages: all rows, or why not."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.portals import Column, SimulatedPortals, Site, World
from tests.spiders.visiting import AGENCY, Visited, Workshop, make_workshop
from tests.spiders.worlds import DAY, column

pytestmark = pytest.mark.integration


def site(slug: str, family: str, path: str, **options: Any) -> Site:
    columns: tuple[Column, ...] = (column(path, **options),)
    return Site(slug, "示例市人民政府", family, "9900000001", columns, invented=True)


WHOLE = (
    site("trs-gbk", "trs", "zwgk/nb", charset="gb2312", suffix="htm"),
    site("trs-shanghai", "trs", "zwgk/nb", pager="shanghai", shape="table", plain=True, suffix="shtml"),
    site("trs-years", "trs", "zwgk/nb", years=True),
    site("ucap-shown", "ucap", "sls/c990634"),
    site("ucap-search", "ucap", "sls/c990634", list="search"),
    site("ucap-tax", "ucap", "sls/c990634", list="tax"),
    site("ucap-cloud", "ucap", "zwgk/col/col42150", list="cloud"),
    site("nfcms", "nfcms", "zwgk/nb"),
    site("nfcms-silent", "nfcms", "zwgk/nb", pager="none"),
)
# What cannot be read to its end is incomplete, whatever has been found.
IN_PART = {
    "trs-capped": (site("trs-capped", "trs", "zwgk/nb", cap=2), 10, "更早的看不到"),
    "trs-claimed": (site("trs-claimed", "trs", "zwgk/nb", pager="shanghai", claimed=2), 14, "第 4 页起不存在"),
    "ucap-comment": (site("ucap-comment", "ucap", "sls/c990634", list="comment"), 14, "注释"),
    "ucap-token": (site("ucap-token", "ucap", "sls/c990634", list="search", blocked=True), 0, "HTTP 412"),
}


class Story:
    """One visit to all of them."""

    def __init__(self, workshop: Workshop, portals: SimulatedPortals) -> None:
        self.workshop = workshop
        for portal in portals:
            workshop.configure(portal)
        years = portals["trs-years"]
        listed = {"key": "c0", "url": years.column_url(), "agencies": [AGENCY], "branches": ["years"]}
        workshop.register("trs-years", hosts=[years.host], site_id_code=years.site.site_id_code, columns=[listed])
        self.visited: Visited = workshop.visit("2024-01-25T09:00+08:00")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    sites = WHOLE + tuple(chosen for chosen, _, _ in IN_PART.values())
    with SimulatedPortals(World(sites), DAY) as portals:
        yield Story(make_workshop(tmp_path_factory.mktemp("static")), portals)


@pytest.mark.parametrize("slug", [chosen.slug for chosen in WHOLE])
def test_every_entry_is_found_and_the_look_is_healthy(story: Story, slug: str) -> None:
    assert story.visited.code == 0, story.visited.log
    (look,) = story.workshop.looks(slug)
    assert (look.outcome, look.entries) == ("healthy", 14), look.reason
    changes = story.workshop.changes(slug)
    published = next(chosen.columns[0].articles for chosen in WHOLE if chosen.slug == slug)
    assert {(change.title, change.list_date) for change in changes} == {(a.title, a.published) for a in published}
    assert len(changes) == 14


@pytest.mark.parametrize("slug", IN_PART)
def test_what_cannot_be_read_to_its_end_proves_nothing(story: Story, slug: str) -> None:
    _, count, reason = IN_PART[slug]
    (look,) = story.workshop.looks(slug)
    assert (look.outcome, look.entries) == ("incomplete", count)
    assert reason in look.reason
