"""The commands through click's runner: what they print, what they leave, how they end."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import monitor.__main__ as command_line
from config.env import Settings
from crawler.store.session import open_store
from monitor.commands import COMMANDS
from tests.monitor.newsroom import OFFICE, Newsroom, newsroom, subscription

NAMES = list(COMMANDS)


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    return newsroom(tmp_path)


@pytest.fixture
def told(room: Newsroom) -> Newsroom:
    room.happens()
    room.subscribe(subscription(OFFICE))
    return room


def gongkai(room: Newsroom, *arguments: str, **changes: str) -> Result:
    environment = {name: value for name, value in room.environment(**changes).items() if name.startswith("GONGKAI_")}
    return CliRunner().invoke(command_line.main, list(arguments), env=environment)


@pytest.mark.parametrize("name", NAMES)
def test_every_command_says_what_it_does_with_an_example(name: str) -> None:
    result = CliRunner().invoke(command_line.main, [name, "--help"])
    assert result.exit_code == 0
    assert "例 Example:" in result.output
    assert f"gongkai {name}" in result.output


def test_the_commands_are_listed_in_the_order_of_the_work() -> None:
    output = CliRunner().invoke(command_line.main, ["--help"]).output
    listed = [line.split()[0] for line in output.partition("Commands:")[2].splitlines() if line.startswith("  ")]
    assert [name for name in listed if name in NAMES] == NAMES


def test_version() -> None:
    assert CliRunner().invoke(command_line.main, ["--version"]).output.startswith("gongkai, version ")


@pytest.mark.parametrize(
    ("arguments", "changes", "words"),
    [
        (["serve"], {"PORT": "many"}, "GONGKAI_PORT: "),
        (["evaluate"], {"SIMULATED_NOW": "2024-02-01T09:00"}, "GONGKAI_SIMULATED_NOW: "),
        (["evaluate"], {"DATABASE_URL": "mysql://u:secret@localhost/x"}, "use sqlite or postgresql"),
        (["evaluate"], {"DATABASE_URL": "nonsense"}, "is no database URL"),
        (["notify"], {"CONFIG_DIR": "nowhere"}, "agencies.csv: cannot be read"),
        (["crawl", "nowhere"], {}, "no portal nowhere"),
        (["run"], {"HOST": "203.0.113.1"}, "set GONGKAI_HOST and GONGKAI_PORT"),
    ],
)
def test_a_mistake_of_the_user_is_one_line_and_exit_code_2(
    room: Newsroom, arguments: list[str], changes: dict[str, str], words: str
) -> None:
    result = gongkai(room, *arguments, **changes)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("gongkai: ")
    assert words in result.stderr
    assert "secret" not in result.stderr
    assert not isinstance(result.exception, ValueError)


def test_an_error_of_the_program_is_not_hidden(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("monitor.jobs.evaluate", fails)
    result = gongkai(room, "evaluate")
    assert (result.exit_code, type(result.exception)) == (1, ZeroDivisionError)


def test_control_c_is_130(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("monitor.jobs.evaluate", interrupted)
    assert gongkai(room, "evaluate").exit_code == 130


def test_the_default_database_is_made_at_first_use(tmp_path: Path, room: Newsroom) -> None:
    result = gongkai(room, "notify", DATA_DIR=str(tmp_path / "new"))
    assert (result.exit_code, result.output) == (0, "没有需要通知的事件 / nothing to tell\n")
    assert (tmp_path / "new" / "gongkai.db").exists()


def test_a_configured_database_is_made_by_migrate_only(tmp_path: Path, room: Newsroom) -> None:
    url = f"sqlite:///{tmp_path / 'mine.db'}"
    refused = gongkai(room, "evaluate", DATABASE_URL=url)
    assert refused.exit_code == 2
    assert "run `gongkai migrate`" in refused.stderr
    for _ in range(2):
        made = gongkai(room, "migrate", DATABASE_URL=url)
        assert made.exit_code == 0
        assert "mine.db" in made.output
    assert gongkai(room, "evaluate", DATABASE_URL=url).exit_code == 0


@pytest.mark.integration
def test_migrate_on_postgresql_shows_no_password(room: Newsroom, postgres_url: str) -> None:
    url = postgres_url.replace("gongkai@", "gongkai:secret@")
    result = gongkai(room, "migrate", DATABASE_URL=url)
    assert result.exit_code == 0
    assert "secret" not in result.output
    open_store(postgres_url)


def test_evaluate_prints_states_and_events(told: Newsroom) -> None:
    result = gongkai(told, "evaluate", "--at", "2024-02-05", "--dry-run")
    assert result.exit_code == 0
    for words in ("示例市水利局", "逾期5天，仍未见公布", "overdue by 5 days, not found", "2024年1月31日", "未写入"):
        assert words in result.stdout


def test_evaluate_as_json_and_its_dry_run_writes_nothing(told: Newsroom) -> None:
    dry = gongkai(told, "evaluate", "--at", "2024-02-09", "--dry-run", "--format", "json")
    read = json.loads(dry.stdout)
    assert read["at"] == "2024-02-09T23:59:59+08:00"
    states = {(one["agency_id"], one["year"]): (one["state"], one["reason"]) for one in read["assessments"]}
    assert states["shili-slj", 2023] == ("unknown", "stale")
    assert [(event["kind"], event["agency_id"]) for event in read["events"]] == [("unknown", "shili-slj")]
    wet = gongkai(told, "evaluate", "--at", "2024-02-09", "--format", "json")
    assert json.loads(wet.stdout) == read
    assert json.loads(gongkai(told, "evaluate", "--at", "2024-02-09", "--format", "json").stdout)["events"] == []


def test_nothing_is_recorded_of_a_real_office_at_a_future_time(told: Newsroom) -> None:
    path = told.settings.config_dir / "portals" / "shili-slj.yml"
    text = path.read_text(encoding="utf-8").replace("127.0.0.1:8000", "www.example.org").replace("delay: 0", "delay: 2")
    path.write_text(text, encoding="utf-8")
    refused = gongkai(told, "evaluate", "--at", "2999-01-01")
    assert (refused.exit_code, "in the future" in refused.stderr) == (2, True)
    assert gongkai(told, "evaluate", "--at", "2999-01-01", "--dry-run").exit_code == 0


def test_notify_prints_then_sends(told: Newsroom) -> None:
    dry = gongkai(told, "notify", "--dry-run", "--at", "2024-02-02T21:00")
    assert dry.exit_code == 0
    for words in (
        f"To: {OFFICE}",
        "Subject: [公开] 逾期未公布 1 · 改动 1 · 勾稽不符 1（2024-02-02）",
        "逾期2天",
        "Message-ID: <",
    ):
        assert words in dry.stdout
    assert told.deliveries() == []
    sent = gongkai(told, "notify", "--at", "2024-02-02T21:00")
    assert (sent.exit_code, sent.stdout.startswith(f"✓ 已送达 delivered：{OFFICE}")) == (0, True)
    assert len(told.mailbox()) == 1


def test_notify_says_by_its_exit_code_that_something_did_not_arrive(told: Newsroom) -> None:
    (told.folder / "obstacle").touch()
    failed = gongkai(told, "notify", "--at", "2024-02-02T21:00", MAIL_URL=(told.folder / "obstacle").as_uri())
    assert failed.exit_code == 1
    assert "will be tried again" in failed.stdout
    listed = gongkai(told, "deliveries").stdout
    for words in ("… 等待重试 waiting", OFFICE, "逾期未公布 1", "attempts 1", "cannot be written"):
        assert words in listed
    assert gongkai(told, "deliveries", "--failed").stdout.startswith("没有未送达")
    assert "没有需要通知" in gongkai(told, "notify", "--at", "2024-02-02T22:00").stdout  # it rests
    assert "1 封" in gongkai(told, "deliveries", "retry", "--all").stdout
    assert "原样重发" in gongkai(told, "notify", "--dry-run", "--at", "2024-02-02T22:00").stdout
    assert gongkai(told, "notify", "--at", "2024-02-02T22:00").exit_code == 0
    assert len(told.mailbox()) == 1
    assert json.loads(gongkai(told, "deliveries", "--format", "json").stdout) == []


def test_the_dead_letters_for_programs_and_what_cannot_be_retried(told: Newsroom) -> None:
    (told.folder / "obstacle").touch()
    gongkai(told, "notify", "--at", "2024-02-02T21:00", MAIL_URL=(told.folder / "obstacle").as_uri())
    [row] = json.loads(gongkai(told, "deliveries", "--format", "json").stdout)
    assert (row["status"], row["recipient"], row["attempts"]) == ("waiting", OFFICE, 1)
    assert row["since"] == "2024-02-02T21:00:00+08:00"
    assert row["next_try_at"] > row["since"]
    for arguments, words in (
        (["7"], "no message that has not arrived: 7"),
        ([], "name the ids"),
        (["1", "--all"], "name"),
    ):
        refused = gongkai(told, "deliveries", "retry", *arguments)
        assert (refused.exit_code, words in refused.stderr) == (2, True)


def test_a_test_message_says_that_it_is_one_and_leaves_nothing_behind(told: Newsroom) -> None:
    dry = gongkai(told, "notify", "--test", "office", "--dry-run")
    for words in (f"To: {OFFICE}", "Subject: [公开] 测试消息", "不涉及任何单位", "A test message, about no office"):
        assert words in dry.stdout
    assert told.mailbox() == []
    sent = gongkai(told, "notify", "--test", "office")
    assert (sent.exit_code, "✓ 已送达" in sent.stdout) == (0, True)
    assert len(told.mailbox()) == 1
    assert (told.deliveries(), told.told()) == ([], set())
    (told.folder / "obstacle").touch()
    failed = gongkai(told, "notify", "--test", "office", MAIL_URL=(told.folder / "obstacle").as_uri())
    assert (failed.exit_code, "cannot be written" in failed.stdout) == (1, True)
    unknown = gongkai(told, "notify", "--test", "nobody")
    assert (unknown.exit_code, "no subscription 'nobody'" in unknown.stderr) == (2, True)


def test_who_unsubscribed_gets_nothing_until_it_is_ended(told: Newsroom) -> None:
    (told.folder / "obstacle").touch()
    gongkai(told, "notify", "--at", "2024-02-02T21:00", MAIL_URL=(told.folder / "obstacle").as_uri())
    assert gongkai(told, "unsubscribes").stdout.startswith("没有退订")
    by = ("--by", "示例经手人")
    assert gongkai(told, "unsubscribes", "add", OFFICE, *by, "--note", "来信要求").exit_code == 0
    again = gongkai(told, "unsubscribes", "add", OFFICE, *by)
    assert (again.exit_code, "has unsubscribed already" in again.stderr) == (2, True)
    assert "来信要求" in gongkai(told, "unsubscribes").stdout
    [row] = json.loads(gongkai(told, "unsubscribes", "--format", "json").stdout)
    assert (row["recipient"], row["channel"], row["by"]) == (OFFICE, "email", "示例经手人")
    told.published_late()
    gongkai(told, "deliveries", "retry", "--all")
    refused = gongkai(told, "notify", "--at", "2024-02-03T21:00")  # what was claimed before is not sent any more either
    assert (refused.exit_code, "the recipient has unsubscribed" in refused.stdout) == (1, True)
    assert "has unsubscribed" in gongkai(told, "notify", "--test", "office").stderr
    assert told.mailbox() == []
    assert gongkai(told, "unsubscribes", "end", OFFICE, *by).exit_code == 0
    gongkai(told, "notify", "--at", "2024-02-03T22:00", "--retry-failed")
    assert len(told.mailbox()) == 2


def test_crawl_shows_what_it_would_visit(room: Newsroom) -> None:
    result = gongkai(room, "crawl", "shili-slj", "--dry-run")
    assert result.exit_code == 0
    for words in ("shili-slj　示例市水利局网站", "127.0.0.1:8000", "delay: 0 s", "http://127.0.0.1:8000/shili-slj/"):
        assert words in result.stdout
    assert "shili-mzj" not in result.stdout


def test_read_without_files_reads_what_was_archived(room: Newsroom) -> None:
    for command in ("read", "reread"):
        result = gongkai(room, command)
        assert result.exit_code == 0
        assert "0 read, 0 unchanged" in result.stdout
    refused = gongkai(room, "read", "--format", "csv")
    assert (refused.exit_code, "name at least one FILE" in refused.stderr) == (2, True)


@pytest.fixture(autouse=True)
def _no_settings_of_the_caller(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"GONGKAI_{name.upper()}", raising=False)
    yield
