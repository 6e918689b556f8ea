"""What makes a list another list: much is gone at once. A few may go, and pages may move. No socket."""

import datetime as dt
from dataclasses import replace

import pytest

from crawler.revisit import Remembered
from spiders.lists.listing import Row
from spiders.visits.details import shrunken
from spiders.visits.entry import entry_of

SEEN = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


def before(*names: str) -> tuple[Remembered, ...]:
    return tuple(Remembered(f"http://127.0.0.1/{name}", "report", True, f"示例市{name}局年报", SEEN) for name in names)


def now(*names: str, at: str = "") -> list[Row]:
    return [Row(f"http://127.0.0.1/{at}{name}", f"示例市 {name}局年报") for name in names]


@pytest.mark.parametrize(
    ("was", "listed", "changed"),
    [
        (before(), now(), False),  # nothing was known
        (before("a"), now(), True),
        (before("a", "b"), now("a"), False),
        (before("a", "b"), now("c", "d"), True),
        (before("a", "b", "c", "d"), now("a", "b"), False),  # two may go
        (before("a", "b", "c", "d", "e", "f"), now("a", "b", "c"), True),  # three are half of them
        (before("a", "b", "c", "d", "e", "f", "g"), now("a", "b", "c", "d"), False),  # three are less than half
        (before("a", "b", "c", "d"), now("a", "b", "c", "d", at="new/"), False),  # all pages have moved
        (before("a", "b", "c", "d"), now("a", at="new/"), True),  # most of them have not
        (before("a", "b", "c", "d"), [*now("a"), *now("b", "c", "d", at="2/")], False),
    ],
)
def test_shrunken(was: tuple[Remembered, ...], listed: list[Row], changed: bool) -> None:
    assert bool(shrunken(was, [entry_of(row) for row in listed])) is changed


def test_one_title_stands_for_one_entry() -> None:
    """Ten reports that bear the same short title cannot all have moved to one address."""
    was = tuple(Remembered(f"http://127.0.0.1/{n}", "unsure", True, "年度报告", SEEN) for n in range(10))
    assert "9 条" in shrunken(was, [entry_of(Row("http://127.0.0.1/new", "年度报告"))])


def test_a_title_that_is_cut_is_known_by_its_beginning() -> None:
    """After a redesign: the same reports at new addresses, their titles cut now, or no longer."""
    whole = [
        f"示例甲子市{name}局2023年政府信息公开工作年度报告" for name in ("水利", "教育", "民政", "统计", "财政", "审计")
    ]
    cut = [f"{title[:16]}…" for title in whole]
    for was, listed in ((whole, cut), (cut, whole), (cut, [f"{title[:19]}..." for title in whole])):
        remembered = [Remembered(f"http://127.0.0.1/{n}", "report", True, one, SEEN) for n, one in enumerate(was)]
        rows = [entry_of(Row(f"http://127.0.0.1/new/{n}", one)) for n, one in enumerate(listed)]
        assert shrunken(remembered, rows) == ""
        assert shrunken(remembered, rows[:3]) != ""


def test_a_beginning_of_a_few_signs_is_nobodys() -> None:
    was = tuple(Remembered(f"http://127.0.0.1/{n}", "report", True, f"年度报告{n}", SEEN) for n in range(3))
    assert shrunken(was, [entry_of(Row(f"http://127.0.0.1/new/{n}", "年度报告…")) for n in range(3)]) != ""


# --- what came while the list was not seen whole ------------------------------------------------------------------------


def unsettled(*entries: Remembered) -> tuple[Remembered, ...]:
    return tuple(replace(entry, settled=False) for entry in entries)


OLD = before("a", "b", "c", "d", "e", "f")
MOVED = unsettled(*(replace(entry, url=entry.url.replace("0.1/", "0.1/new/")) for entry in OLD))


@pytest.mark.parametrize(
    ("was", "listed", "changed"),
    [
        (OLD + MOVED, now("a", "b", "c", "d", "e", "f", at="new/"), False),  # the move was met by an incomplete look
        (OLD + MOVED[:2], now("a", "b", "c", "d", "e", "f", at="new/"), False),  # which saw a part of it
        (OLD + MOVED, now("a", "b", at="new/"), True),  # what moved is gone again
        (OLD + MOVED, [], True),
        (OLD + MOVED[:1], [*now("b", "c", "d", "e", "f"), *now("a", at="new/")], False),  # one page moved
        (OLD + unsettled(*before("g")), now("a", "b", "c", "d", "e", "f", "g"), False),  # one came
        (OLD + unsettled(*before("g", "h", "i")), now("g", "h", "i"), True),  # three came, six are gone
        (unsettled(*OLD), now("a", "b", "c"), True),  # never seen whole: what was seen counts all the same
        (unsettled(*OLD), now("a", "b", "c", "d", "e", "f", at="new/"), False),
        (unsettled(*OLD), now("a", "b", "c", "d", "e"), False),
    ],
)
def test_what_came_since_the_list_was_last_seen_whole(
    was: tuple[Remembered, ...], listed: list[Row], changed: bool
) -> None:
    assert bool(shrunken(was, [entry_of(row) for row in listed])) is changed


def test_many_that_came_do_not_hide_that_what_was_there_is_gone() -> None:
    came = unsettled(*before(*(f"n{number}" for number in range(20))))
    listed = now(*(f"n{number}" for number in range(20)))
    assert "6 条全部不见了" in shrunken(OLD + came, [entry_of(row) for row in listed])
