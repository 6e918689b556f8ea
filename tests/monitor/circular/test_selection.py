"""Who stands where in a circular, and that nobody is accused of what is not certain."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.store.tables import Seal
from monitor.circular.model import CHECKED, Asked, Case, Circular, Found, Group, Judgement
from monitor.circular.selection import group_of, missed_only_locally, select
from monitor.model import Assessment, LocalVerdict, State
from tests.monitor.checks.history import DEADLINES, moment
from tests.monitor.circular import town
from tests.monitor.world import Page, World

AFTER, DUE = moment("02-10"), dt.date(2024, 1, 31)
ASKED = Asked("9901", "示例省示例市", town.YEAR, AFTER)


def judgement(
    state: State, *, due: dt.date | None = DUE, local: LocalVerdict | None = None, rule: str = ""
) -> Judgement:
    agency = town.agency("shili-jyj")
    made = Assessment(agency.id, town.YEAR, state, "absent", AFTER, due=due, local=local, rule_id=rule)
    return Judgement(agency, DEADLINES.rule_for(agency, town.YEAR), None, made, {})


def local(state: State) -> LocalVerdict:
    return LocalVerdict("notice", dt.date(2024, 1, 20), state, "absent", "《通知》", "a notice")


def ids(cases: tuple[Case, ...]) -> list[str]:
    return [case.agency.id for case in cases]


def test_each_office_stands_in_its_place(circular: Circular) -> None:
    assert ids(circular.missing) == ["shili-wlj"]
    assert ids(circular.late) == ["shili-slj"]
    assert ids(circular.withdrawn) == ["shili-tjj"]
    assert ids(circular.unverified) == ["shili-jtj"]
    assert ids(circular.local_late) == ["shilizhen-zf"]
    assert circular.local_missing == ()
    assert [(item.case.agency.id, item.found.kind) for item in circular.changed] == [("shili-mzj", "changed")]
    assert [(item.case.agency.id, item.found.kind) for item in circular.data] == [("shili-swj", "arithmetic")]
    assert circular.unconfirmed == ()


def test_each_office_is_counted_once_and_the_sum_is_that_of_its_parts(circular: Circular) -> None:
    assert sum(circular.counts.values()) == len(circular.cases) == len(town.OFFICES)
    assert circular.owed == 8 == sum(circular.counts[group] for group in CHECKED)
    assert dict(circular.counts) == {
        Group.ON_TIME: 4,
        Group.LATE: 1,
        Group.MISSING: 1,
        Group.WITHDRAWN: 1,
        Group.UNKNOWN: 1,
        Group.NOT_DUE: 1,
        Group.NO_DAY: 1,
    }


def test_the_rules_that_apply_stand_with_their_days(circular: Circular) -> None:
    found = {basis.rule.id: (basis.due, basis.agencies, basis.is_local) for basis in circular.bases}
    assert found == {
        "regulation-711-department": (dt.date(2024, 1, 31), 8, False),
        "regulation-711-government": (dt.date(2024, 3, 31), 1, False),
        "regulation-711-township": (None, 1, False),
        "shili-notice": (dt.date(2024, 1, 20), 1, True),
    }


@pytest.mark.parametrize(
    ("state", "due", "group"),
    [
        (State.ON_TIME, DUE, Group.ON_TIME),
        (State.LATE, DUE, Group.LATE),
        (State.MISSING, DUE, Group.MISSING),
        (State.WITHDRAWN, DUE, Group.WITHDRAWN),
        (State.DATE_UNSURE, DUE, Group.DATE_UNSURE),
        (State.UNKNOWN, DUE, Group.UNKNOWN),
        (State.UNKNOWN, dt.date(2024, 3, 31), Group.NOT_DUE),  # no column, and its day is not over
        (State.UNKNOWN, AFTER.date(), Group.NOT_DUE),  # the due day itself counts
        (State.UNKNOWN, AFTER.date() - dt.timedelta(days=1), Group.UNKNOWN),
        (State.UNKNOWN, None, Group.NO_DAY),
        (State.ON_TIME, None, Group.NO_DAY),
        (State.NOT_DUE, None, Group.NO_DAY),
        (State.NOT_DUE, DUE, Group.NOT_DUE),
        (State.DUE_SOON, DUE, Group.NOT_DUE),
        (State.EXEMPT, DUE, Group.EXEMPT),
        (State.EXEMPT, None, Group.EXEMPT),
    ],
)
def test_the_group_of_a_state(state: State, due: dt.date | None, group: Group) -> None:
    assert group_of(judgement(state, due=due), ASKED) is group


def test_every_state_has_a_group() -> None:
    for state in State:
        assert group_of(judgement(state), ASKED) in Group
    nobody = replace(judgement(State.MISSING), assessment=None)
    assert group_of(nobody, ASKED) is Group.UNJUDGED


@pytest.mark.parametrize("state", list(State))
def test_a_local_day_that_decides_is_no_day_of_the_law(state: State) -> None:
    one = judgement(state, due=dt.date(2024, 1, 20), local=local(state), rule="notice")
    group = group_of(one, ASKED)
    assert group is (Group.EXEMPT if state is State.EXEMPT else Group.NO_DAY)
    made = select([one], ASKED, extractor="3", version="1")
    assert (made.missing, made.late, made.owed) == ((), (), 0)
    assert ids(made.local_late) == (["shili-jyj"] if state is State.LATE else [])
    assert ids(made.local_missing) == (["shili-jyj"] if state is State.MISSING else [])
    assert ids(made.unverified) == (["shili-jyj"] if state in (State.UNKNOWN, State.DATE_UNSURE) else [])
    assert ids(made.withdrawn) == (["shili-jyj"] if state is State.WITHDRAWN else [])
    assert made.cases[0].due is None


@pytest.mark.parametrize(
    ("state", "by_local", "missed"),
    [
        (State.ON_TIME, State.LATE, State.LATE),
        (State.NOT_DUE, State.MISSING, State.MISSING),
        (State.UNKNOWN, State.MISSING, State.MISSING),
        (State.WITHDRAWN, State.LATE, State.LATE),
        (State.LATE, State.LATE, None),  # the law's list has it
        (State.MISSING, State.MISSING, None),
        (State.EXEMPT, State.MISSING, None),
        (State.ON_TIME, State.ON_TIME, None),
        (State.ON_TIME, State.DATE_UNSURE, None),
        (State.NOT_DUE, State.UNKNOWN, None),
    ],
)
def test_who_missed_the_local_day_alone(state: State, by_local: State, missed: State | None) -> None:
    case = Case(one := judgement(state, local=local(by_local)), group_of(one, ASKED))
    assert [found for found in (State.LATE, State.MISSING) if missed_only_locally(case, found)] == (
        [missed] if missed else []
    )


def test_a_finding_of_a_kind_that_nobody_knows_yet_is_a_matter_of_data() -> None:
    one = replace(judgement(State.ON_TIME), findings=(Found("new:a:2023", "new", {}, None),))
    made = select([one], ASKED, extractor="3", version="1")
    assert [item.found.kind for item in made.data] == ["new"]


def test_who_published_since_the_last_evaluation_is_not_named(world: World) -> None:
    """Judged at the moment asked for, whatever was recorded last."""
    then = town.circular(world, moment("02-04 21:00"))
    assert ids(then.missing) == ["shili-slj", "shili-wlj"]
    assert ids(then.late) == []
    before = town.circular(world, moment("01-26"))
    assert before.counts[Group.NOT_DUE] + before.counts[Group.ON_TIME] == 9
    assert (before.missing, before.late, before.withdrawn, before.changed) == ((), (), (), ())


def test_after_a_week_without_a_look_nobody_is_missing(world: World) -> None:
    later = town.circular(world, moment("03-29"))
    assert later.missing == ()
    assert "shili-wlj" in ids(later.unverified)


def test_a_recorded_finding_that_is_not_confirmed_is_counted_against_nobody(tmp_path: Path) -> None:
    world = town.empty(tmp_path)
    world.visit("shili-swj", "02-02", [Page("sums", {town.CODES[0]: 14}, broken=True)])
    world.evaluate("02-02")
    assert [item.found.kind for item in town.circular(world, moment("02-02 21:00")).data] == ["arithmetic"]
    world.visit("shili-swj", "02-04", [Page("sums", {town.CODES[0]: 15})])  # its sums cannot be read any more
    found = town.circular(world, moment("02-04 21:00"))
    assert found.data == ()
    assert [(item.found.kind, item.found.confirmed) for item in found.unconfirmed] == [("arithmetic", False)]
    world.sessions.kw["bind"].dispose()


def test_what_closed_later_still_stood_then(world: World) -> None:
    assert [item.found.opened_at is not None for item in town.circular(world).data] == [True]
    assert town.circular(world, moment("01-17")).data == ()


def test_the_newest_reply_stands_beside_what_it_is_about(world: World, circular: Circular) -> None:
    late = circular.late[0].judgement
    assert [reply.text for reply in late.replies] == ["=1+1 网站改版，公布较晚。"]
    assert [reply.text for reply in circular.data[0].found.replies] == ["合计数系录入错误，将予更正。"]
    earlier = town.circular(world, moment("02-11")).late[0].judgement
    assert [reply.text for reply in earlier.replies] == ["网站改版，未能及时公布。"]


def test_the_archives_numbers_stand_with_everything_that_is_said(circular: Circular) -> None:
    missing, late = circular.missing[0].judgement, circular.late[0].judgement
    assert missing.absence_proofs and missing.report_proofs == ()
    assert late.absence_proofs and late.report_proofs
    assert all(proof.sha256 and len(proof.sha256) == 64 for proof in late.report_proofs)
    for item in (*circular.changed, *circular.data):
        assert item.found.proofs


def test_the_head_of_the_chain_is_that_of_the_moment(tmp_path: Path) -> None:
    world = town.empty(tmp_path)
    for number, day in ((1, "02-01"), (2, "02-05")):
        with world.sessions.begin() as session:
            session.add(
                Seal(
                    kind="look", row_id=number, previous=f"{number:064}", hash=f"{number:x}" * 64, sealed_at=moment(day)
                )
            )
    assert town.circular(world, moment("01-31")).seals is None
    seals = town.circular(world, moment("02-02")).seals
    assert seals is not None and (seals.number, seals.hash) == (1, "1" * 64)
    world.sessions.kw["bind"].dispose()
