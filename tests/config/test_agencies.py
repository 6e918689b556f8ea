"""The registry is read strictly and written as it was."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.agencies import COLUMNS, agency_of, load_agencies, row_of, write_agencies
from config.env import PACKAGED_CONFIG
from config.errors import ConfigError
from config.schema import Agency, FormerName, YearSpan

PACKAGED = PACKAGED_CONFIG / "agencies.csv"
ROW = {
    "id": "slj",
    "name": "示例市水利局",
    "region_code": "990100",
    "region": "示例市",
    "kind": "department",
    "invented": "yes",
}


def test_the_packaged_registry_is_written_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "agencies.csv"
    write_agencies(path, load_agencies(PACKAGED).values())
    assert path.read_bytes() == PACKAGED.read_bytes()
    assert list(tmp_path.iterdir()) == [path]


def test_a_byte_order_mark_stays(tmp_path: Path) -> None:
    path = tmp_path / "agencies.csv"
    path.write_text("\ufeff" + ",".join(COLUMNS) + "\n", encoding="utf-8")
    write_agencies(path, [agency_of(ROW, "here")])
    assert path.read_bytes().startswith(b"\xef\xbb\xbfid,name")
    assert list(load_agencies(path)) == ["slj"]


def test_former_names_sites_and_codes() -> None:
    more = {
        "former_names": "示例市水务局@2019-02-01 | 示例市水电局",
        "sites": "www.example.org|slj.example.org:8080",
        "credit_code": "11370112004203737J",
        "watched_years": "2017,2019-2021,2023-",
    }
    agency = agency_of(ROW | more, "here")
    assert agency.former_names == (
        FormerName(name="示例市水务局", until=dt.date(2019, 2, 1)),
        FormerName(name="示例市水电局"),
    )
    assert agency.sites == ("www.example.org", "slj.example.org:8080")
    assert agency_of(row_of(agency), "again") == agency


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("former_names", "示例市水务局@yesterday", "former_names"),
        ("credit_code", "123", "credit_code"),
        ("sites", "https://www.example.org/", "a site is a host"),
        ("kind", "bureau", "kind"),
        ("valid_from", "2019-13-01", "valid_from"),
    ],
)
def test_a_wrong_cell_is_named(column: str, cell: str, words: str) -> None:
    with pytest.raises(ConfigError, match=f"file, line 7: .*{words}"):
        agency_of(ROW | {column: cell}, "file, line 7")


def test_a_formula_is_not_written(tmp_path: Path) -> None:
    agency = agency_of(ROW | {"supervisor": "=1+1"}, "here")
    with pytest.raises(ConfigError, match="like a formula"):
        write_agencies(tmp_path / "agencies.csv", [agency])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written"):
        write_agencies(tmp_path / "nowhere" / "agencies.csv", [])


years = st.integers(2007, 2100)
spans = st.tuples(years, st.none() | years).filter(lambda span: span[1] is None or span[0] <= span[1])
names = st.text("示例市水利局教育（）", min_size=2, max_size=12)


@given(
    aliases=st.lists(names, max_size=3),
    former=st.lists(st.tuples(names, st.none() | st.dates()), max_size=3),
    begun=st.none() | st.dates(),
    watched=st.lists(spans, max_size=3),
)
def test_what_is_written_is_read_again(
    aliases: list[str],
    former: list[tuple[str, dt.date | None]],
    begun: dt.date | None,
    watched: list[tuple[int, int | None]],
) -> None:
    agency = Agency.model_validate(
        ROW
        | {
            "aliases": tuple(aliases),
            "former_names": tuple(FormerName(name=name, until=until) for name, until in former),
            "valid_from": begun,
            "watched_years": tuple(YearSpan(first=first, last=last) for first, last in watched),
        }
    )
    assert agency_of(row_of(agency), "again") == agency
