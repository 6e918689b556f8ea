"""Every class of change, what excuses one, how much each weighs, and which of them become findings.

Long, because it is a list: a short test for each class of change.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from config.changes import ChangeKind, ChangeRules
from config.load import packaged_changes
from crawler.model import CellState, Fingerprint, IdentityResult, LookOutcome
from monitor.checks import revision
from monitor.checks.assessment import assess_case
from monitor.checks.case import Judged, case_of
from monitor.checks.changes import history
from monitor.model import CellFact, ColumnFacts, EntryFacts, Finding, PageCapture, ReadingFact, ReportChange
from tests.monitor.checks.history import DEADLINES, YEAR, column, entry, facts, moment, reading

RECEIVED, GRANTED, TOTAL = "requests.received.total", "requests.granted.total", "requests.processed_total.total"
KEPT = {f"kept.{place}": 10 + place for place in range(6)}  # what a corrected report leaves as it was
TEXT = {1: 20, 2: 30, 3: 14}  # clause → signs
GONE, MOVED = LookOutcome.SOFT_404, LookOutcome.MOVED
NOTICE = {"words": "更正说明", "where": "text", "text": "更正说明:表三有误", "block": 3}


def number(value: int, *, certain: bool = True) -> CellFact:
    return CellFact(CellState.NUMBER, Decimal(value), "件", str(value), certain=certain)


def told(key: str, value: int, *, certain: bool = True) -> Mapping[str, object]:
    return {"key": key, "value": str(value), "certain": certain}


def read(
    id_: int,
    received: int = 12,
    *,
    granted: int = 5,
    text: Mapping[int, int] = TEXT,
    extractor: str = "1",
    sum_holds: bool | None = None,
    notices: tuple[Mapping[str, Any], ...] = (),
    statements: tuple[Mapping[str, object], ...] = (),
    certain: bool = True,
    signed_on: str = "",
    **more: Any,
) -> ReadingFact:
    """A reading; `sum_holds`: whether the identity over RECEIVED and TOTAL holds."""
    cells = {RECEIVED: number(received, certain=certain), GRANTED: number(granted)}
    cells |= {code: number(value) for code, value in KEPT.items()}
    sums = IdentityResult("sum", "新收＝办结", (RECEIVED,), (TOTAL,), Decimal(1), Decimal(1), sum_holds)
    made = reading(
        id_=id_,
        extractor=extractor,
        cells=cells,
        identities=() if sum_holds is None else (sums,),
        statements=statements,
        fingerprint=Fingerprint("", 0, tuple(text.items())),
        **more,
    )
    return replace(made, notices=notices, signed_on=moment(signed_on).date() if signed_on else None)


Made = Mapping[str, ReadingFact | tuple[ReadingFact, ...]]


def page(contents: str, made: Made, *, first: int = 20, **more: Any) -> EntryFacts:
    """A page that showed these contents, one letter each, on consecutive days of January."""
    captures = [(f"01-{first + day}", content) for day, content in enumerate(contents)]
    return entry([(f"01-{first}", "appeared")], captures, made, **more)


def file(held: EntryFacts, name: str, *shown: tuple[str, str]) -> EntryFacts:
    """The page with a file that was captured with these contents: (moment, sha256)."""
    url = f"http://127.0.0.1/nb/{name}"
    known = len(held.captures)
    captures = [
        PageCapture(100 * held.id + known + place, moment(at), "attachment", url, LookOutcome.HEALTHY, sha256)
        for place, (at, sha256) in enumerate(shown)
    ]
    ordered = sorted((*held.captures, *captures), key=lambda capture: (capture.at, capture.id))
    return replace(held, captures=tuple(ordered))


def changes(
    *entries: EntryFacts,
    at: str = "06-01",
    rules: ChangeRules | None = None,
    columns: tuple[ColumnFacts, ...] = (),
) -> tuple[ReportChange, ...]:
    return judged(*entries, at=at, rules=rules, columns=columns).changes


def judged(
    *entries: EntryFacts, at: str = "06-01", rules: ChangeRules | None = None, columns: tuple[ColumnFacts, ...] = ()
) -> Judged:
    case = case_of(facts(*(columns or (column(["01-20"]),)), entries=entries), YEAR, DEADLINES, moment(at))
    assessment = assess_case(case)
    return Judged(case, assessment, history(case, assessment, rules or packaged_changes()))


def findings(*entries: EntryFacts, **more: Any) -> list[Finding]:
    return list(revision.check(judged(*entries, **more)).standing)


def kinds(found: tuple[ReportChange, ...]) -> list[tuple[str, str]]:
    return [(change.kind.value, change.severity) for change in found]


# --- one address ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "kind", "severity", "finding"),
    [
        (read(2), "cosmetic", "", None),
        (read(2, text={1: 20, 3: 14, 9: 11}), "text", "low", "revised"),
        (read(2, statements=(told("requests_received", 12),)), "text", "low", "revised"),
        (read(2, statements=(told("requests_received", 12, certain=False),)), "cosmetic", "", None),
        (read(2, 13), "numbers", "high", "changed"),
        (read(2, 13, text={1: 20}), "numbers", "high", "changed"),
        (read(2, 13, notices=(NOTICE,)), "numbers", "medium", "changed"),
        (read(2, 13, certain=False), "numbers", "", None),
        (read(2, text={}), "cosmetic", "", None),  # the sections could not be told apart: the words are not known
    ],
)
def test_two_contents_of_one_page(after: ReadingFact, kind: str, severity: str, finding: str | None) -> None:
    held = page("aab", {"a": read(1), "b": after})
    [change] = changes(held)
    assert (change.kind.value, change.severity) == (kind, severity)
    assert (change.key, change.before_capture, change.after_capture) == ("shili-sw:2023:101-102", 101, 102)
    assert (change.at, change.url) == (moment("01-22"), held.url)
    found = findings(held)
    assert [one.kind for one in found] == ([finding] if finding else [])
    for one in found:
        assert one.key == f"{finding}:{change.key}"
        assert (one.details["severity"], one.details["change"]) == (severity, kind)
        assert {"zh", "en"} == one.details["why"].keys()


def test_what_the_words_were_compared_by_is_said() -> None:
    [change] = changes(page("ab", {"a": read(1), "b": read(2, text={1: 20, 3: 14, 9: 11, 8: 10})}))
    assert change.details["text"] == {
        "compared": True,
        "added": {"clauses": 2, "signs": 21},
        "removed": {"clauses": 1, "signs": 30},
        "statements": [],
        "signed": None,
    }
    one, other = told("requests_received", 12), told("requests_received", 13)
    [change] = changes(page("ab", {"a": read(1, statements=(one,), text={}), "b": read(2, statements=(other,))}))
    assert change.details["text"]["compared"] is False
    assert change.details["text"]["statements"] == [{"key": "requests_received", "before": ["12"], "after": ["13"]}]
    [change] = changes(page("ab", {"a": read(1, text={}), "b": read(2, text={})}))
    assert change.details == {"extractor": "1", "text_compared": False}


def test_another_day_below_the_text_is_a_change_of_words() -> None:
    [change] = changes(page("ab", {"a": read(1, signed_on="01-18"), "b": read(2, signed_on="01-25")}))
    assert (change.kind, change.details["text"]["signed"]) == (ChangeKind.TEXT, ["2024-01-18", "2024-01-25"])
    assert kinds(changes(page("ab", {"a": read(1), "b": read(2, signed_on="01-25")}))) == [("cosmetic", "")]


@pytest.mark.parametrize(
    ("held", "holds", "granted", "effects", "severity"),
    [
        (False, True, 5, ["mended"], "medium"),
        (True, False, 5, ["broke"], "high"),
        (True, True, 5, ["other"], "high"),
        (False, False, 5, ["other"], "high"),
        (None, False, 5, ["other"], "high"),
        (False, True, 6, ["mended", "other"], "high"),
        (True, False, 6, ["broke", "other"], "high"),
    ],
)
def test_what_a_changed_number_does_to_a_sum(
    held: bool | None, holds: bool, granted: int, effects: list[str], severity: str
) -> None:
    made = {"a": read(1, sum_holds=held), "b": read(2, 13, granted=granted, sum_holds=holds)}
    [change] = changes(page("ab", made))
    assert (change.details["effects"], change.severity) == (effects, severity)
    assert [cell["effect"] for cell in change.details["cells"] if cell["code"] == RECEIVED] == [effects[0]]
    turned = [found["effect"] for found in change.details["sums"]]
    assert turned == [effect for effect in effects if effect != "other"]


def test_a_sum_of_uncertain_cells_is_neither_mended_nor_broken() -> None:
    before, after = read(1, sum_holds=True), read(2, 13, sum_holds=False)
    after = replace(after, identities=(replace(after.identities[0], certain=False),))
    [change] = changes(page("ab", {"a": before, "b": after}))
    assert (change.details["effects"], change.details["sums"]) == (["other"], [])


def test_the_share_of_the_numbers() -> None:
    [change] = changes(page("ab", {"a": read(1), "b": read(2, 13)}))
    assert change.details["share"] == 0.125  # one of eight


@pytest.mark.parametrize(
    ("title", "notices", "where"),
    [
        ("示例市水务局2023年政府信息公开工作年度报告", (NOTICE,), ["text"]),
        ("示例市水务局2023年政府信息公开工作年度报告（更正）", (), ["list"]),
        ("示例市水务局2023年政府信息公开工作年度报告", (), []),
    ],
)
def test_a_notice_of_correction(title: str, notices: tuple[Mapping[str, Any], ...], where: list[str]) -> None:
    held = page("ab", {"a": read(1), "b": read(2, 13, notices=notices)}, title=title)
    [change] = changes(held)
    assert [notice["where"] for notice in change.details["notice"]] == where
    assert change.severity == ("medium" if where else "high")


# --- what is not compared ---------------------------------------------------------------------------------------------


def test_only_contents_read_by_one_reader_are_compared() -> None:
    old, new = read(1), read(2, 13, extractor="2")
    assert changes(page("ab", {"a": old, "b": new})) == ()
    both = {"a": (old, read(3, 13, extractor="2")), "b": (read(2), read(4, 13, extractor="2"))}
    assert kinds(changes(page("ab", both))) == [("cosmetic", "")]  # by the newer of the two that read both
    both["a"] = (old, read(3, 12, extractor="2"))
    assert kinds(changes(page("ab", both))) == [("numbers", "high")]


def test_torn_unread_and_other_contents_are_passed_over() -> None:
    torn = replace(read(3, 1), issues=({"kind": "cut_off"},))
    assert kinds(changes(page("aca", {"a": read(1), "c": torn}))) == []
    assert changes(page("ab", {"a": read(1)})) == ()
    assert changes(page("ab", {"a": read(1), "b": reading("review", id_=2)})) == ()
    assert changes(page("ab", {"a": read(1), "b": read(2, 13, year=2022)})) == ()


def test_nothing_is_said_of_the_days_of_an_import() -> None:
    made = {"a": read(1), "b": read(2, 13)}
    assert changes(page("ab", made, import_days=["01-21"])) == ()
    assert len(changes(page("ab", made, import_days=["02-21"]))) == 1


# --- two contents in turn ---------------------------------------------------------------------------------------------


def test_ten_captures_of_two_contents_in_turn_are_one_finding() -> None:
    made = {"a": read(1), "b": read(2, 13)}
    held = page("ababababab", made)
    first, turning = changes(held)
    assert kinds((first, turning)) == [("numbers", "low"), ("flapping", "low")]
    assert first.details["in_turn"] is True
    assert turning.key == "shili-sw:2023:100-101:flapping"
    assert turning.details["flapping"] == {"of": "numbers", "turns": 9, "until": "2024-01-29T20:00:00+08:00"}
    assert turning.at == moment("01-22")
    [finding] = findings(held)
    assert (finding.kind, finding.key) == ("changed", "changed:shili-sw:2023:100-101:flapping")
    assert [cell["code"] for cell in finding.details["cells"]] == [RECEIVED]


def test_day_by_day_flapping_is_two_findings_and_no_more() -> None:
    """On the second day nobody can know it yet; from the third on it is known, and never told again."""
    made = {"a": read(1), "b": read(2, 13)}
    held = page("abababab", made)
    keys = [[one.key for one in findings(held, at=f"01-{20 + day} 21:00")] for day in range(8)]
    assert keys == [[], ["changed:shili-sw:2023:100-101"], *[["changed:shili-sw:2023:100-101:flapping"]] * 6]


def test_flapping_is_seen_through_counters_and_ends_with_another_content() -> None:
    values = (12, 13, 12, 13, 14)
    made = {name: read(place, value) for place, (name, value) in enumerate(zip("abcdx", values, strict=True), start=1)}
    found = changes(page("abcdx", made))  # c says what a says, in other bytes
    assert [change.kind.value for change in found] == ["numbers", "flapping", "numbers"]
    assert [one.key.rpartition(":")[2] for one in findings(page("abcdx", made))] == ["flapping", "103-104"]


def test_words_in_turn_are_revised() -> None:
    made = {"a": read(1), "b": read(2, text={1: 20})}
    [finding] = findings(page("abab", made))
    assert (finding.kind, finding.details["flapping"]["of"]) == ("revised", "text")


def test_numbers_of_which_none_is_certain_are_never_told_in_turn() -> None:
    assert findings(page("abab", {"a": read(1), "b": read(2, 13, certain=False)})) == []


# --- files ------------------------------------------------------------------------------------------------------------

BARE = reading("not_a_report", id_=9)  # the page itself, which says nothing but "see the file"


@pytest.mark.parametrize(
    ("after", "kind", "severity"),
    [
        (read(2), "attachment", ""),  # other bytes, nothing else: the server may write it anew each time
        (read(2, text={1: 20}), "attachment", "low"),
        (read(2, 13), "numbers", "high"),
    ],
)
def test_other_bytes_at_the_address_of_a_file(after: ReadingFact, kind: str, severity: str) -> None:
    held = file(page("pp", {"p": BARE, "a": read(1), "b": after}), "1.docx", ("01-20", "a"), ("01-21", "b"))
    [change] = changes(held)
    assert (change.kind.value, change.severity) == (kind, severity)


@pytest.mark.parametrize(
    ("after", "kind", "severity"),
    [
        (read(2), "attachment", ""),
        (read(2, text={1: 20}), "attachment", "low"),
        (read(2, 13), "numbers", "high"),
        (read(2, 13, certain=False), "attachment", "low"),  # numbers that are not certain: nothing is said of them
        (reading(id_=2), "attachment", "low"),  # nothing of it could be read: it is another file, that is all
    ],
)
def test_a_file_in_the_place_of_another_one(after: ReadingFact, kind: str, severity: str) -> None:
    held = page("pp", {"p": BARE, "a": read(1), "b": after})
    held = file(file(held, "1.docx", ("01-20", "a")), "2.docx", ("01-21", "b"))
    [change] = changes(held)
    assert (change.kind.value, change.severity) == (kind, severity)
    assert change.details["replaced"].endswith("1.docx")


def test_two_files_of_one_page_replace_nothing() -> None:
    held = page("pp", {"p": BARE, "a": read(1), "b": read(2, 13)})
    held = file(file(held, "1.docx", ("01-20", "a"), ("01-22", "a")), "2.docx", ("01-21", "b"))
    assert changes(held) == ()


# --- another address --------------------------------------------------------------------------------------------------

COLUMNS = (column(["01-20", "01-30", "02-02"]),)


def again(old: EntryFacts, after: ReadingFact, **more: Any) -> tuple[EntryFacts, EntryFacts]:
    """The report, and one that was seen at another address on 1 February."""
    new = entry([("02-01", "appeared")], [("02-01", "b")], {"b": after}, id_=2, **more)
    return old, new


def gone(made: Made, answer: LookOutcome = GONE, *, left: tuple[int, int] = (0, 3)) -> EntryFacts:
    return entry([("01-20", "appeared"), ("02-01", "gone")], [("01-20", "a"), ("02-01", answer)], made, left=left)


def test_a_correction_at_a_new_address_is_compared() -> None:
    pair = again(page("a", {"a": read(1)}), read(2, 13, notices=(NOTICE,)))
    [change] = changes(*pair, columns=COLUMNS)
    assert (change.kind, change.severity, change.key) == (ChangeKind.NUMBERS, "medium", "shili-sw:2023:100-200")
    assert change.details["moved_from"] == {"url": pair[0].url, "became": "standing"}
    [finding] = findings(*pair, columns=COLUMNS)
    assert finding.key == "changed:shili-sw:2023:100-200"
    assert [(cell["before"]["value"], cell["after"]["value"]) for cell in finding.details["cells"]] == [("12", "13")]


def test_the_key_stays_while_the_old_address_is_visited() -> None:
    pair = again(page("aaaa", {"a": read(1)}, first=28), read(2, 13))
    assert {change.key for at in ("02-01", "06-01") for change in changes(*pair, at=at, columns=COLUMNS)} == {
        "shili-sw:2023:100-200"
    }


@pytest.mark.parametrize(
    "after",
    [
        read(2, 13, certain=False),
        read(2, 13, extractor="2"),
        replace(read(2), cells={code: cell for code, cell in read(2).cells.items() if code != RECEIVED}),
        read(2, 13, year=2022),
        # Nearly nothing is kept, neither of the words nor of the numbers: possibly two documents.
        replace(read(2, 13, text={7: 40}), cells={code: number(99) for code in (RECEIVED, GRANTED, *KEPT)}),
    ],
)
def test_what_is_not_surely_a_correction_is_none(after: ReadingFact) -> None:
    assert changes(*again(page("a", {"a": read(1)}), after), columns=COLUMNS) == ()


def test_a_column_that_was_never_seen_before_proves_no_order() -> None:
    pair = again(page("a", {"a": read(1)}), read(2, 13), key="other")
    assert changes(*pair, columns=(*COLUMNS, column(["02-01"], key="other"))) == ()
    assert len(changes(*pair, columns=(*COLUMNS, column(["01-25", "02-01"], key="other")))) == 1


def test_a_copy_beside_the_report_is_no_change_and_an_import_excuses() -> None:
    assert changes(*again(page("a", {"a": read(1)}), read(2)), columns=COLUMNS) == ()
    old, new = again(page("a", {"a": read(1)}, import_days=["01-31"]), read(2, 13))
    assert changes(old, new, columns=COLUMNS) == ()


LOST = entry([("01-20", "appeared")], [("01-20", "a"), ("02-01", GONE)], {"a": read(1)})


@pytest.mark.parametrize(
    ("old", "after", "expected"),
    [
        (gone({"a": read(1)}), read(2), [("moved", "low")]),
        (gone({"a": read(1)}, MOVED), read(2), [("moved", "low")]),
        (gone({"a": read(1)}, left=(5, 0)), read(2), [("moved", "")]),  # all that the list held left with it
        (gone({"a": read(1)}, left=(0, 0)), read(2), [("moved", "")]),
        (LOST, read(2), [("moved", "")]),  # its list was not seen without it: nobody knows whether it left alone
        (gone({"a": read(1)}), read(2, text={7: 40}), []),  # other words: possibly another document
        (gone({"a": read(1)}), read(2, 13), [("numbers", "high")]),
        (page("a", {"a": read(1)}), read(2), []),  # it still stands
    ],
)
def test_a_report_at_a_new_address(old: EntryFacts, after: ReadingFact, expected: list[tuple[str, str]]) -> None:
    pair = again(old, after)
    assert kinds(changes(*pair, columns=COLUMNS)) == expected
    told_of = [one.kind for one in findings(*pair, columns=COLUMNS)]
    assert told_of == ["revised" if kind == "moved" else "changed" for kind, severity in expected if severity]


# --- withdrawn --------------------------------------------------------------------------------------------------------


def test_withdrawn_and_restored() -> None:
    held = entry(
        [("01-20", "appeared"), ("03-05", "gone"), ("03-08", "appeared")],
        [("01-20", "a"), ("03-05", GONE), ("03-06", GONE), ("03-08", "a")],
        {"a": read(1)},
        left=(0, 3),
    )
    looked = (column(["01-20", "03-05", "03-06", "03-08"]),)
    assert changes(held, at="03-05", columns=looked) == ()  # one day proves nothing
    [change] = changes(held, at="03-06", columns=looked)
    assert (change.kind, change.severity, change.key) == (
        ChangeKind.WITHDRAWN,
        "high",
        "shili-sw:2023:100-101:withdrawn",
    )
    back = changes(held, at="03-08", columns=looked)
    assert kinds(back) == [("withdrawn", "high"), ("restored", "low")]
    assert [change.key for change in back] == ["shili-sw:2023:100-101:withdrawn", "shili-sw:2023:101-103:restored"]
    assert findings(held, at="03-08", columns=looked) == []  # the state itself tells of it


def test_a_page_that_fails_and_comes_back_was_not_withdrawn() -> None:
    down = LookOutcome.SERVER_ERROR
    held = entry(
        [("01-20", "appeared")], [("01-20", "a"), ("03-05", down), ("03-06", down), ("03-08", "a")], {"a": read(1)}
    )
    assert changes(held, columns=(column(["01-20", "03-05", "03-06", "03-08"]),)) == ()


def test_a_page_in_two_columns_changes_once() -> None:
    held = page("ab", {"a": read(1), "b": read(2, 13)})
    assert len(changes(held, replace(held, id=7, column="other"))) == 1


def test_rules_decide_what_is_told() -> None:
    rules = packaged_changes().rules
    quiet = tuple(rule.model_copy(update={"severity": "none"}) for rule in rules)
    held = page("ab", {"a": read(1), "b": read(2, 13)})
    assert findings(held, rules=ChangeRules(rules=quiet)) == []
    assert kinds(changes(held, rules=ChangeRules(rules=quiet))) == [("numbers", "")]
