"""Every text exists in both languages with the same placeholders, and everything that can be said has one."""

import datetime as dt
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from config.alerts import EventKind
from config.errors import ConfigError
from config.schema import AgencyKind
from crawler.model import CellState, DateSource, LookOutcome
from monitor import checks, wording
from monitor.checks import CHECKS
from monitor.model import Sight, State
from monitor.visits import Obstacle, Reason
from monitor.wording import (
    LANGUAGES,
    explain,
    keys,
    load,
    placeholders,
    say,
    show_day,
    show_days,
    show_moment,
    state_line,
)
from tests.monitor.checks.history import moment


@pytest.mark.parametrize("key", sorted(keys()))
def test_both_languages_take_the_same_values(key: str) -> None:
    texts = load(wording.FOLDER)[key]
    assert set(texts) == set(LANGUAGES)
    assert placeholders(texts["zh"]) == placeholders(texts["en"])
    for language in LANGUAGES:
        said = say(key, language, **dict.fromkeys(placeholders(texts[language]), "…"))
        assert said
        assert "{" not in said


def written_reasons() -> set[str]:
    """The reasons and notes as they stand in the sources of the checks."""
    folder = Path(checks.__file__).parent
    source = "".join((folder / f"{name}.py").read_text(encoding="utf-8") for name in ("assessment", "exemption"))
    reasons = {f"reason.{found}" for found in re.findall(r'State\.\w+,\s*"(\w+)"', source)}
    reasons |= {
        f"reason.{found}" for found in re.findall(r'"(no_rule|no_national_day|never_looked|not_looked_yet)"', source)
    }
    reasons |= {f"reason.{found}" for found in re.findall(r'return Exemption\(\s*"(\w+)"', source)}
    return reasons | {f"note.{found}" for found in re.findall(r'Note\("(\w+)"', source)}


def spoken(namespace: str, words: Iterable[str]) -> set[str]:
    return {f"{namespace}.{word}" for word in words}


def test_everything_that_can_be_said_has_a_text() -> None:
    blind = [f"blind_{outcome}" for outcome in LookOutcome if not outcome.proves_absence]
    needed = (
        spoken("state", State)
        | spoken("line", State)
        | spoken("event", [*EventKind, "quiet"])
        | spoken("finding", [*(kind for check in CHECKS for kind in check.kinds), "portal_lost", "portal_blind"])
        | spoken("sight", Sight)
        | spoken("reason", blind)
        | spoken("date_source", DateSource)
        | spoken("look_outcome", LookOutcome)
        | spoken("visit_reason", Reason)
        | spoken("visit_obstacle", Obstacle)
        | spoken("agency_kind", AgencyKind)
        | spoken("cell_state", CellState)
        | spoken("cell_change", ["number_changed", "no_longer_number", "became_number", "other", "in_doubt"])
        | spoken(
            "resolved", ["published", "came_back", "mended", "retracted", "rules_changed", "exempt", "portal_back"]
        )
    )
    written = written_reasons()
    assert len(written) >= 18
    assert needed | written <= keys()


def test_no_reason_is_left_over() -> None:
    blind = {f"reason.blind_{outcome}" for outcome in LookOutcome if not outcome.proves_absence}
    known = {key for key in keys() if key.startswith(("reason.", "note."))}
    assert known == written_reasons() | blind


def test_a_hole_is_an_error() -> None:
    with pytest.raises(KeyError, match="no text"):
        say("reason.none_such", "zh")
    with pytest.raises(KeyError, match="absent_at"):
        say("reason.stale", "zh")


def test_parameters_are_shown_as_people_write_them() -> None:
    at = {"absent_at": "2024-02-02T12:05:00+00:00"}
    assert "2024年2月2日 20:05" in explain("reason.stale", at, "zh")
    assert "2 February 2024, 20:05" in explain("reason.stale", at, "en")
    assert "2024年1月31日" in explain("reason.before_due", {"due_on": "2024-01-31"}, "zh")
    assert "服务器错误" in explain("note.page_failing", {"outcome": "server_error"}, "zh")
    braces = {"title": "{absent_at} {0}", "url": "http://127.0.0.1/"}
    assert "{absent_at} {0}" in explain("reason.unread_candidate", braces, "en")


def details(state: str, **more: str | None) -> dict[str, str | None]:
    return {"state": state, "due": "2024-01-31", "first_seen_at": None, "last_absent_at": None, **more}


def test_days_are_counted_at_the_moment_of_saying() -> None:
    assert state_line(details("missing"), moment("02-01 00:00"), "zh") == "逾期1天，仍未见公布"
    assert state_line(details("missing"), moment("02-12"), "en") == "overdue by 12 days, not found"
    assert state_line(details("due_soon"), moment("01-30"), "en") == "due in 1 day"
    assert state_line(details("due_soon"), moment("01-31 23:59"), "zh") == "今天截止"
    seen = {"first_seen_at": "2024-02-05T20:00:00+08:00", "last_absent_at": "2024-02-04T20:00:00+08:00"}
    assert state_line(details("late", **seen), moment("06-01"), "zh") == "逾期公布，迟4至5天"
    same = {"first_seen_at": "2024-02-01T20:00:00+08:00", "last_absent_at": "2024-02-01T08:00:00+08:00"}
    assert state_line(details("late", **same), moment("06-01"), "en") == "published late, by 1 day"
    assert state_line(details("unknown") | {"due": None}, moment("06-01"), "zh") == "无法判断"


def test_days_and_moments_in_both_languages() -> None:
    day = dt.date(2024, 2, 29)
    assert (show_day(day, "zh"), show_day(day, "en")) == ("2024年2月29日", "29 February 2024")
    assert show_moment(dt.datetime(2024, 1, 31, 16, 0, tzinfo=dt.UTC), "zh") == "2024年2月1日 00:00"
    assert (show_days(1, "en"), show_days(2, "en"), show_days(1, "zh")) == ("1 day", "2 days", "1天")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"a.yml": "x: {zh: 甲}"}, "zh and one in en"),
        ({"a.yml": "x: {zh: 甲, en: a, fr: b}"}, "zh and one in en"),
        ({"a.yml": "x: {zh: '', en: a}"}, "zh and one in en"),
        ({"a.yml": "x: {zh: '{n}天', en: days}"}, "different placeholders"),
        ({"a.yml": "x: {zh: '{n:>3}', en: '{n:>3}'}"}, "plain names"),
        ({"a.yml": "x: {zh: '{n.real}', en: '{n.real}'}"}, "plain names"),
        ({"a.yml": "x: 1"}, "a mapping is expected"),
        ({"a.yml": "x: {zh: 甲, en: a}", "b.yml": "x: {zh: 乙, en: b}"}, "another file"),
        ({"a.yml": "x: {zh: 甲, en: a}\nx: {zh: 乙, en: b}"}, "twice"),
    ],
)
def test_bad_texts_are_refused(tmp_path: Path, files: dict[str, str], message: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        load(tmp_path)
