"""The starter pack: it loads, visits nobody by surprise, and registers the host of every known report or says why not."""

import csv
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from config.env import PACKAGED_CONFIG
from config.load import Configuration, load
from config.schema import Holds
from spiders import FAMILIES

KNOWN = Path(__file__).parents[1] / "golden" / "report_urls.csv"
README = PACKAGED_CONFIG / "portals" / "README.md"


@pytest.fixture(scope="module")
def pack() -> Configuration:
    return load(PACKAGED_CONFIG, frozenset(FAMILIES))


def known_reports() -> list[dict[str, str]]:
    with KNOWN.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def left_out() -> dict[str, str]:
    """Host → why it has no entry, as the README tells its readers."""
    return dict(re.findall(r"^- `([^`]+)`：(.+)$", README.read_text(encoding="utf-8"), flags=re.M))


def test_nothing_is_visited_and_nobody_is_judged_by_surprise(pack: Configuration) -> None:
    assert len(pack.portals) > 50
    for portal in pack.portals.values():
        assert not portal.enabled, portal.slug
        assert portal.verified is None, portal.slug
        assert not portal.tls, portal.slug
        assert portal.delay >= 1, portal.slug
        for column in portal.columns:
            assert all(not pack.agencies[id_].watched_years for id_ in column.agencies), (portal.slug, column.key)


@pytest.mark.parametrize("report", known_reports(), ids=lambda report: report["url"])
def test_every_known_report_stands_on_a_registered_host(pack: Configuration, report: dict[str, str]) -> None:
    """And the portal of that host names its agency."""
    host = urlsplit(report["url"]).netloc
    named = [
        portal
        for portal in pack.portals.values()
        if host in portal.hosts and any(report["agency"] in column.agencies for column in portal.columns)
    ]
    assert bool(named) != (host in left_out()), host


def test_what_is_left_out_has_a_reason_and_is_known(pack: Configuration) -> None:
    hosts = {urlsplit(report["url"]).netloc for report in known_reports()}
    assert left_out().keys() <= hosts
    assert not {host for portal in pack.portals.values() for host in portal.hosts} & left_out().keys()


def test_a_column_lies_above_its_known_report(pack: Configuration) -> None:
    """No address was made up: every column's begins the address of a known report, or the file says by what it follows."""
    for portal in pack.portals.values():
        text = (PACKAGED_CONFIG / "portals" / f"{portal.slug}.yml").read_text(encoding="utf-8")
        reports = re.findall(r"known report: (\S+)", text)
        assert text.count("# 推导 derived:") == len(portal.columns), portal.slug
        for column in portal.columns:
            above = re.sub(r"(?:1\.html|common_list\.shtml|index\.html)$", "", column.url)
            if column.holds is Holds.YEARS:
                assert any(column.url == re.sub(r"(?<=fbtime=)\d{4}", "{year}", url) for url in reports), column.url
            elif re.search(r"/col\d+/$", above):
                number = re.search(r"col(\d+)/$", above)
                assert number is not None
                assert any(re.search(rf"(?:art_|col){number[1]}\b|art_{number[1]}_", url) for url in reports), (
                    column.url
                )
            else:
                assert any(url.startswith(above) for url in reports), column.url
