"""The forms as YAML: they expand to the list of indicators, and bad files are refused by name."""

import csv
from importlib import resources
from pathlib import Path

import pytest

from config.errors import ConfigError
from crawler.reports import templates

SHARED = Path(__file__).parents[4] / "shared" / "reference" / "indicators.csv"

MINIMAL = """
template: "2099"
name: n
citation: c
blocks:
  - section: 三
    code: r.{row}.{column}
    columns: [{code: a, label: 甲, unit: 件}]
    rows: [{code: x, label: 某}]
identities: []
"""


def test_expansion_equals_the_indicators() -> None:
    text = (resources.files("config") / "indicators.csv").read_text(encoding="utf-8-sig")
    listed = [tuple(row.values()) for row in csv.DictReader(text.splitlines())]
    expanded = [
        (template.template, cell.section, cell.code, cell.row_label, cell.column_label, cell.unit)
        for template in templates.load().values()
        for cell in template.cells()
    ]
    assert expanded == listed


@pytest.mark.skipif(not SHARED.is_file(), reason="needs ../shared with the list of indicators")
def test_the_forms_in_force_are_listed_as_agreed() -> None:
    """Later forms may be added; what is known of 2019 and 2021 stays as it is, byte by byte."""
    ours = (resources.files("config") / "indicators.csv").read_bytes().splitlines(keepends=True)
    agreed = SHARED.read_bytes().splitlines(keepends=True)
    assert [line for line in ours if not line.startswith(b"2014,")] == agreed


def test_the_forms() -> None:
    assert {key: len(template.cells()) for key, template in templates.load().items()} == {
        "2008": 0,
        "2014": 58,
        "2019": 22 + 23 * 7 + 15,
        "2021": 10 + 25 * 7 + 15,
    }


def test_the_outcomes_that_add_up_are_all_rows_between_received_and_total() -> None:
    for key in ("2019", "2021"):
        template = templates.load()[key]
        (outcomes,) = [identity for identity in template.identities if identity.id == "requests.outcomes"]
        (block,) = [block for block in template.blocks if block.section == "三"]
        rows = [row.code for row in block.rows]
        assert list(outcomes.left) == rows[rows.index("granted") : rows.index("processed_total")]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("name: n", "nmae: n"), "nmae|name"),
        (("unit: 件}", "unit: 件, colour: red}"), "blocks/0/columns/0/colour"),
        (("rows: [{code: x, label: 某}]", "rows: [{code: x, label: 某}, {code: x, label: 又}]"), "r.x.a"),
        (
            ("identities: []", "identities: [{id: i, section: 三, per: row, left: [b], right: [a], description: d}]"),
            "i: ",
        ),
        (("blocks:", "blocks: ["), "line"),
        (("label: 甲, unit: 件", "label: 甲"), "r.x.a"),
    ],
)
def test_bad_files_are_refused_by_name(change: tuple[str, str], words: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=words) as error:
        templates.read(written(tmp_path, MINIMAL.replace(*change)))
    assert "2099.yml" in str(error.value)


def test_no_code_means_two_things() -> None:
    """The codes of the annex are its own: nothing in it is asked in the same way by a later form."""
    forms = {key: {cell.code for cell in template.cells()} for key, template in templates.load().items()}
    assert all(code.startswith("annex.") for code in forms["2014"])
    assert not any(code.startswith("annex.") for key in ("2019", "2021") for code in forms[key])


def test_minimal_template_is_accepted(tmp_path: Path) -> None:
    assert [cell.code for cell in templates.read(written(tmp_path, MINIMAL)).cells()] == ["r.x.a"]


def written(folder: Path, text: str) -> Path:
    path = folder / "2099.yml"
    path.write_text(text, encoding="utf-8")
    return path
