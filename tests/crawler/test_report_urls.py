"""Seventy real reports: title and address → agency and year, against the whole registry. None may be wrong.

report_urls.csv holds facts only. Rows without an agency are those that nobody could attribute: whose it is does not
follow from what is known.
"""

import csv
from collections import Counter
from dataclasses import replace

import pytest

from config.env import PACKAGED_CONFIG
from config.load import load
from crawler.identification import Identification, Identifier, Item
from crawler.names import after_region, normalised, region_parts
from tests.golden.pages import FOLDER

# The site is no government's: what it shows is a copy, and nobody's publication.
COPIES = ("e-gov.org.cn",)


def rows() -> list[dict[str, str]]:
    with (FOLDER / "report_urls.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def outcome(row: dict[str, str], found: Identification) -> str:
    if found.decision != "filed":
        return found.decision
    return "right" if (found.agency, str(found.year)) == (row["agency"], row["year"]) else "wrong"


@pytest.fixture(scope="module")
def identifier() -> Identifier:
    return Identifier(load(PACKAGED_CONFIG))


def test_seventy_reports(identifier: Identifier) -> None:
    found = [(row, identifier.identify(Item(row["title"], row["url"]))) for row in rows()]
    for row, one in found:
        print(f"{outcome(row, one):12} {one.agency or '-':22} {one.year or '-':>4}  {row['title']}  {one.why}")
    counts = Counter(outcome(row, one) for row, one in found)
    print(dict(counts))
    assert len(found) == 70
    assert counts["wrong"] == 0
    assert counts["not_a_report"] == 0
    assert counts["right"] >= 68


OFFICES = (
    "人民政府",
    "人民政府办公室",
    "教育局",
    "民政局",
    "统计局",
    "财政局",
    "公安局",
    "应急管理局",
    "审计局",
    "工信局",
)


def test_namesakes_in_other_regions_and_neighbours_mislead_nobody(identifier: Identifier) -> None:
    """The same reports against a registry with the usual offices of each region, and with each office once more elsewhere."""
    real = load(PACKAGED_CONFIG)
    agencies = dict(real.agencies)
    known = {agency.name for agency in real.agencies.values()}
    for agency in real.agencies.values():
        parts = region_parts(agency.region)
        core, _ = after_region(normalised(agency.name), parts)
        names = {f"别处省别处市{parts[-1]}{core}": f"别处省别处市{parts[-1]}"}
        names |= {f"{''.join(parts[-2:])}{office}": agency.region for office in OFFICES}
        for number, (name, region) in enumerate(names.items()):
            if name not in known and not any(
                known_name.endswith(name) or name.endswith(known_name) for known_name in known
            ):
                id_ = f"{agency.id}-{number}"
                agencies[id_] = agency.model_copy(
                    update={"id": id_, "name": name, "region": region, "aliases": (), "sites": ()}
                )
    assert len(agencies) > 5 * len(real.agencies)
    crowded = Identifier(replace(real, agencies=agencies))
    counts = Counter(outcome(row, crowded.identify(Item(row["title"], row["url"]))) for row in rows())
    assert (counts["right"], counts["wrong"]) == (68, 0)


def test_a_copy_and_an_unknown_office_are_left_to_a_person(identifier: Identifier) -> None:
    waiting = {row["url"]: row for row in rows() if not row["agency"] or any(site in row["url"] for site in COPIES)}
    assert len(waiting) == 2
    for url, row in waiting.items():
        found = identifier.identify(Item(row["title"], url))
        assert (found.decision, found.agency) == ("review", None)
        assert "未登记" in found.why


def test_without_a_place_only_full_names_are_certain(identifier: Identifier) -> None:
    """The registry alone, as of a site that nobody registered, attributes nothing."""
    for row in rows():
        found = identifier.identify(Item(row["title"], "https://www.example.org/1.html"))
        assert found.decision == "review", row["title"]
