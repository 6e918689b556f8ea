"""What the editions say of whom, in a real store: never "missing" before it is proven, never without the reason."""

from pathlib import Path

import pytest

from config.alerts import Edition
from config.deadlines import DueDay, LocalRule
from monitor.alerts.notify import notify
from tests.monitor.alerts.town import CIVIL, DAYS, EVERY_EDITION, FOREST, TOWNSHIP, WATER, Town, subscription
from tests.monitor.newsroom import body, parsed

WATER_NAME, FOREST_NAME, CIVIL_NAME = "示例市水利局", "示例市林业局", "示例市民政局"
NOTICE = LocalRule.model_validate(
    {
        "id": "shili-notice",
        "years": {"first": 2023, "last": 2023},
        "kinds": ["department"],
        "due": {"month": 1, "day": 28},
        "citation_zh": "示例办〔2024〕1号",
        "citation_en": "Notice 1 of 2024 of an invented office",
    }
)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(f"sqlite:///{tmp_path / 'store.db'}", EVERY_EDITION)


def test_the_run_up_says_who_was_not_seen_and_whom_nobody_sees(town: Town) -> None:
    town.passes("01-18")
    mail = town.mail("01-19 08:00")
    said = body(mail)
    assert "距截止日2024年1月31日还有12天" in mail["Subject"]
    assert "所涉3个单位：2个尚未见公布，1个无法判断" in said
    assert "Offices: 3; 2 not seen yet, 1 cannot be told." in said
    assert "最近一次确认栏目中无此报告：2024年1月18日 20:00" in said
    assert "网站要求人机验证" in said
    assert "第四十九条第一句" in said
    assert "逾期" not in said
    assert 'href="https://watch.example.org/agency/shili-slj"' in body(mail, "html")
    assert "镇人民政府" not in said  # the law names no day for townships


def test_a_machine_that_was_off_tells_the_true_number_of_days(town: Town) -> None:
    town.passes("01-18", "01-20")
    assert "还有10天" in body(town.mail("01-21 15:00"))


def test_on_the_due_day_itself_nobody_is_late(town: Town) -> None:
    town.passes("01-18", "01-30")
    said = body(town.mail("01-31 09:00"))
    assert "今天（2024年1月31日）是截止日，当日公布仍为按期" in said
    assert "逾期" not in said


def test_a_run_up_without_anybody_open_is_not_sent(tmp_path: Path) -> None:
    town = Town(f"sqlite:///{tmp_path / 'store.db'}", subscription(agencies=[CIVIL], editions=["run_up"], events=[]))
    town.passes("01-25", "01-27")
    assert town.planned("01-28 09:00") == []


def test_looks_that_are_too_old_prove_nothing(town: Town) -> None:
    """The crawl stands still since 10 January: in January it comes daily, so nothing is known on the 19th."""
    town.passes("01-10")
    said = body(town.mail("01-19 09:00"))
    assert "所涉3个单位：3个无法判断" in said
    assert "此后未能再次确认" in said


def test_the_day_after_waits_for_an_evaluation_and_calls_nobody_missing_after_one_look(town: Town) -> None:
    town.passes("01-30")
    assert town.planned("02-01 08:00") == []  # judged before the due day was over
    town.evaluate("02-01 03:00")
    said = body(town.mail("02-01 08:00"))
    assert "截止日2024年1月31日已过1天" in said
    assert "1个尚未见到、待再次查看，1个无法判断，1个已公布" in said
    assert "Not seen yet, second look tomorrow" in said
    assert "逾期未见公布（" not in said
    town.passes("02-01")
    again = body(town.mail("02-02 09:00"))
    assert "已过2天" in again
    assert "尚未见到，待另一天再次查看（1）" in again
    assert "逾期未见公布（" not in again


def test_after_two_good_looks_it_is_missing_with_the_look_that_proves_it(town: Town) -> None:
    town.passes(*DAYS)
    said = body(town.mail("02-03 09:00"))
    assert "1个逾期未见公布，1个无法判断，1个已公布" in said
    assert "逾期未见公布（1）" in said
    assert "最近一次确认栏目中无此报告：2024年2月2日 20:00" in said
    assert CIVIL_NAME not in said


def test_all_published_is_said_on_the_day_after(tmp_path: Path) -> None:
    town = Town(f"sqlite:///{tmp_path / 'store.db'}", subscription(agencies=[CIVIL], editions=list(Edition), events=[]))
    town.passes("01-25", "02-01")
    said = body(town.mail("02-02 09:00"))
    assert "均已公布" in said
    assert "all have published" in said
    assert town.planned("02-07 09:00") == []  # nobody to remind of


def test_reminders_name_who_is_still_missing(town: Town) -> None:
    town.passes(*DAYS, "02-05", "02-06")
    said = body(town.mail("02-07 08:00"))
    assert "已过7天" in said
    assert WATER_NAME in said
    assert FOREST_NAME in said  # as unknown, with the reason
    assert CIVIL_NAME not in said


def test_an_edition_goes_out_once_over_runs(town: Town, tmp_path: Path) -> None:
    town.passes(*DAYS)
    context = town.context("02-03 09:00")
    settings = context.settings.model_copy(update={"data_dir": tmp_path, "mail_url": (tmp_path / "box").as_uri()})
    for at in ("02-03 09:00", "02-03 10:00", "02-04 09:00"):
        again = town.context(at)
        notify(type(context)(settings, again.configuration, again.sessions, again.now))
    assert town.editions_sent() == ["day_after:2023:2024-01-31"]


def test_an_earlier_local_day_has_editions_of_its_own_and_says_whose_it_is(town: Town) -> None:
    town.rule(NOTICE)
    town.passes("01-25", "01-29", "01-30")
    local, by_law = town.planned("01-30 21:00")
    assert (by_law.edition, local.edition) == ("run_up:2023:2024-01-31:3", "day_after:2023:2024-01-28")
    after = body(parsed(local.message))
    assert "主管部门规定的日期2024年1月28日已过2天" in after
    assert "示例办〔2024〕1号" in after
    assert "早于法定的2024年1月31日；未按这一日期公布，不等于违反《政府信息公开条例》" in after
    assert "earlier than the law's, 31 January 2024; missing it is no breach" in after
    assert "逾期未见公布（" not in after


def test_where_the_law_names_no_day_the_local_one_is_the_only_one(town: Town) -> None:
    town.rule(NOTICE.model_copy(update={"kinds": (), "agencies": (TOWNSHIP,)}))
    town.subscribe(subscription(agencies=[TOWNSHIP], editions=list(Edition), events=[]))
    town.passes("01-25", "01-29", "01-30")
    said = body(town.mail("01-30 21:00"))
    assert "没有为这类单位规定日期" in said
    assert "未在主管部门规定的日期前见到（1）" in said


def test_two_rules_with_one_day_are_counted_apart(town: Town) -> None:
    town.rule(NOTICE.model_copy(update={"kinds": (), "agencies": (TOWNSHIP,), "due": DueDay(month=1, day=31)}))
    town.passes(*DAYS)
    said = body(town.mail("02-03 09:00"))
    assert "所涉4个单位：1个逾期未见公布，1个未在主管部门规定的日期前见到，1个无法判断，1个已公布" in said
    assert "示例办〔2024〕1号；1个单位：1个未在主管部门规定的日期前见到。" in said
    assert "第四十九条第一句；3个单位：1个逾期未见公布，1个无法判断，1个已公布" in said


def test_one_recipient_gets_one_list_of_what_all_its_subscriptions_cover(town: Town) -> None:
    town.subscribe(
        subscription("water", agencies=[WATER], editions=["day_after"], events=[], language="en"),
        subscription("forest", agencies=[FOREST], editions=["day_after"], events=[], hour=6),
    )
    town.passes(*DAYS)
    mail = town.mail("02-03 09:00")
    said = body(mail)
    assert "Offices: 2; 1 overdue and not found, 1 cannot be told." in said
    assert "所涉" not in said  # in the language of the first
