"""Series over the forms: what may be joined, what only looks alike; nothing is left out, nothing is said twice."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from config.env import PACKAGED_CONFIG
from config.errors import ConfigError
from crawler.reports import crosswalk, templates
from crawler.reports.crosswalk import Kind

CROSSWALK = crosswalk.load()
FORMS = {key: form for key, form in templates.load().items() if form.blocks}
TEXT = (PACKAGED_CONFIG / "crosswalk.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize(("template", "other"), list(permutations(FORMS, 2)))
def test_every_code_of_every_form_is_classified_for_every_other(template: str, other: str) -> None:
    shared = {cell.code for cell in FORMS[other].cells()}
    for cell in FORMS[template].cells():
        relations = CROSSWALK.of(cell.code, template, other)
        assert relations
        assert CROSSWALK.joins(cell.code, template, other) == (cell.code in shared)


def test_a_shared_code_has_the_same_unit_and_almost_the_same_words() -> None:
    """What the later form writes more plainly is named in the note of its relation."""
    later = {cell.code: cell for cell in FORMS["2021"].cells()}
    for cell in FORMS["2019"].cells():
        if CROSSWALK.joins(cell.code, "2019", "2021"):
            assert later[cell.code].unit == cell.unit
            assert later[cell.code].row_label == cell.row_label
            assert later[cell.code].column_label.removeprefix("本年") == cell.column_label


def test_a_series_goes_on_under_one_code_or_over_a_sum() -> None:
    assert CROSSWALK.series("requests.received.company", "2019", "2021") == ("requests.received.company",)
    parts = (
        "requests.other.overdue_correction.total",
        "requests.other.overdue_fee.total",
        "requests.other.other.total",
    )
    assert CROSSWALK.series("requests.other.total", "2019", "2021") == parts
    assert CROSSWALK.counterparts("requests.other.total", "2019", "2021") == ((Kind.SUM, parts),)


def test_a_part_of_a_sum_has_no_series() -> None:
    for part in CROSSWALK.series("requests.other.total", "2019", "2021"):
        assert CROSSWALK.series(part, "2021", "2019") == ()
        assert CROSSWALK.counterparts(part, "2021", "2019") == ((Kind.SUM, ("requests.other.total",)),)


@pytest.mark.parametrize(
    ("code", "template", "other", "counterpart"),
    [
        ("annex.requests.received", "2014", "2019", "requests.received.total"),
        ("annex.review.total", "2014", "2021", "review.total"),
        ("annex.fees.collected", "2014", "2021", "proactive.fees.amount"),
        ("proactive.normative_documents.made", "2019", "2021", "proactive.normative_documents.issued"),
        ("proactive.fees.items_last_year", "2019", "2021", "proactive.fees.amount"),
        ("proactive.rules.public_total", "2019", "2021", "proactive.rules.in_force"),
    ],
)
def test_what_only_looks_alike_ends_a_series(code: str, template: str, other: str, counterpart: str) -> None:
    assert CROSSWALK.series(code, template, other) == ()
    (kinds_and_codes,) = CROSSWALK.counterparts(code, template, other)
    assert (kinds_and_codes[0], counterpart in kinds_and_codes[1]) == (Kind.SIMILAR, True)
    back = [codes for kind, codes in CROSSWALK.counterparts(counterpart, other, template) if kind is Kind.SIMILAR]
    assert any(code in codes for codes in back)


def test_nothing_of_the_annex_goes_on() -> None:
    for cell in FORMS["2014"].cells():
        assert {CROSSWALK.series(cell.code, "2014", other) for other in ("2019", "2021")} == {()}


def test_what_the_other_form_does_not_ask_for() -> None:
    (relation,) = CROSSWALK.of("proactive.procurement.amount", "2019", "2021")
    assert (relation.kind, relation.counterparts) == (Kind.NONE, ())
    assert CROSSWALK.counterparts("proactive.procurement.amount", "2019", "2021") == ((Kind.NONE, ()),)


def test_a_code_that_no_form_has_is_an_error() -> None:
    with pytest.raises(KeyError):
        CROSSWALK.of("requests.received.nobody", "2019", "2021")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("      - requests.granted.*\n", ""), "not classified: requests.granted"),
        (("codes: [review.*,", "codes: [reviews.*,"), "no such code: reviews"),
        (("requests.other.overdue_fee.{each}", "requests.other.late_fee.{each}"), "requests.other.late_fee"),
        (("codes: [annex.disclosed.normative_documents]\n    zh: 2021", "codes: [annex.fees.collected]\n    zh: 2021"), "annex"),
        (('left: {templates: ["2014"], codes: [annex.requests.received]}', 'left: {templates: ["2015"], codes: [annex.requests.received]}'), "no such form: 2015"),
        (('left: {templates: ["2019"], codes: ["requests.other.{each}"]}', 'left: {templates: ["2019"], codes: ["requests.other.{each}", "requests.received.{each}"]}'), "one code on its left"),
        (("  - relation: sum\n", "  - relation: same\n"), "keys are missing"),
        (("relation: none", "relation: unlike"), "relations/"),
        (("      - requests.received.*\n", "      - requests.received.*\n      - requests.other.*\n"), "no such code: requests.other"),
    ],
)  # fmt: skip
def test_a_bad_crosswalk_is_refused_by_name(change: tuple[str, str], words: str, tmp_path: Path) -> None:
    assert change[0] in TEXT
    path = tmp_path / "crosswalk.yml"
    path.write_text(TEXT.replace(*change, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=words) as error:
        crosswalk.read(path, templates.load())
    assert "crosswalk.yml" in str(error.value)
