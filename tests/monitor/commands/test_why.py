"""gongkai why: the answer from a real store, in words and as JSON, and what it says to a wrong question."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from config.env import PACKAGED_CONFIG
from config.load import load
from crawler.model import LookOutcome
from crawler.store.session import open_store
from monitor.__main__ import main
from tests.monitor.world import HOST, Page, World

REGISTRY = """\
id,name,aliases,region_code,region,kind,watched_years,invented
slj,示例市水利局,示例水利,990100,示例市,department,2023,yes
lyj,示例市林业局,示例林业,990100,示例市,department,2022-,yes
lyj-x,示例县林业局,示例林业,990121,示例县,department,2023,yes
zjx,示例市住建局,,990100,示例市,department,,yes
"""
PORTAL = """\
name: 示例门户
family: trs
hosts: ["{host}"]
delay: 0
columns:
  - {{key: nb, url: "http://{host}/{slug}/", agencies: [{slug}]}}
"""


class Asker:
    """A configuration and a store in a folder; `why` asks at the simulated moment 2024-02-10."""

    def __init__(self, folder: Path) -> None:
        config = folder / "config"
        (config / "portals").mkdir(parents=True)
        (config / "agencies.csv").write_text(REGISTRY, encoding="utf-8")
        (config / "alerts.yml").write_text("subscriptions: []\n", encoding="utf-8")
        shutil.copy(Path(PACKAGED_CONFIG) / "deadlines.yml", config)
        for slug in ("slj", "lyj", "lyj-x"):
            text = PORTAL.format(host=HOST, slug=slug)
            (config / "portals" / f"{slug}.yml").write_text(text, encoding="utf-8")
        (folder / "data").mkdir()
        self.world = World(open_store(f"sqlite:///{folder}/data/gongkai.db", create=True), load(config))
        self.environment = {
            "GONGKAI_CONFIG_DIR": str(config),
            "GONGKAI_DATA_DIR": str(folder / "data"),
            "GONGKAI_SIMULATED_NOW": "2024-02-10T09:00:00+08:00",
        }

    def why(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, ["why", *arguments], env=self.environment)

    def json(self, *arguments: str) -> dict[str, Any]:
        result = self.why(*arguments, "--format", "json")
        assert result.exit_code == 0, result.output
        found: dict[str, Any] = json.loads(result.output)
        return found


@pytest.fixture
def asker(tmp_path: Path) -> Asker:
    return Asker(tmp_path)


def test_late_in_words_and_as_json(asker: Asker) -> None:
    world = asker.world
    for day in ("01-20", "02-01", "02-02"):
        world.visit("slj", day)
    world.visit("slj", "02-03 09:12", [Page("a", stated="02-03")])
    world.evaluate("02-05")
    result = asker.why("示例市水利局", "2023")
    assert result.exit_code == 0, result.output
    assert "逾期公布，迟2至3天" in result.output
    assert "第四十九条第一句" in result.output
    assert "2024-01-31T23:59:59+08:00" in result.output
    assert "不晚于截止日" not in result.output
    assert "the same as the recorded state" in result.output
    found = asker.json("slj", "2023")
    assert (found["state"], found["reason"], found["recorded"]["differs"]) == ("late", "absence_proven", False)
    assert found["law"]["last_moment"] == "2024-01-31T23:59:59+08:00"
    (column,) = found["columns"]
    assert [look["proves"] for look in column["looks"]] == ["absent_after_due", "absent_after_due", "found"]
    assert all(len(look["captures"]) == 1 for look in column["looks"])
    assert column["left_out"] == 1
    assert found["dates"][0]["date"]["source"] == "meta"
    assert found["steps"][-1]["leads_to"] == {"state": "late", "reason": "absence_proven"}


def test_a_recorded_state_that_differs_is_named(asker: Asker) -> None:
    asker.world.visit("slj", "02-01")
    assert asker.json("slj", "2023")["recorded"] is None
    assert "gongkai evaluate" in asker.why("slj", "2023").output
    asker.world.evaluate("02-01")
    asker.world.visit("slj", "02-09")
    found = asker.json("slj", "2023")
    assert (found["state"], found["recorded"]["reason"]) == ("missing", "awaiting_second_look")
    assert found["recorded"]["differs"]
    assert "differs from the recorded state: unknown" in asker.why("slj", "2023").output
    before = asker.json("slj", "2023", "--at", "2024-02-01")
    assert (before["reason"], before["recorded"]["differs"]) == ("awaiting_second_look", False)


def test_every_page_fits_a_hundred_columns_in_each_language(asker: Asker) -> None:
    asker.world.visit("slj", "02-01", outcome=LookOutcome.INCOMPLETE, reason="第 2 页没有读到：HTTP 503，" * 3)
    asker.world.visit("slj", "02-02", [Page("unread", error="ReadError")])
    for language in ("zh", "en", "both"):
        result = asker.why("slj", "2023", "--language", language)
        assert result.exit_code == 0, result.output
        wide = [line for line in result.output.splitlines() if _cells(line) > 100]
        assert wide == []
        assert ("无法判断" in result.output) is (language != "en")
        assert ("unknown" in result.output) is (language != "zh")
        assert "gongkai review decide" in result.output


def _cells(line: str) -> int:
    return sum(1 if ord(sign) < 0x2E80 else 2 for sign in line)


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (("示例市环保局", "2023"), "示例市环保局"),
        (("示例林业", "2023"), "lyj（示例市林业局）、lyj-x（示例县林业局）"),
        (("slj", "2021"), "2021 is not watched; watched: 2023–2023"),
        (("zjx", "2023"), "watched: 无 none"),
        (("lyj", "2024"), "2024 is not over at 2024-02-10"),
    ],
)
def test_a_question_without_an_answer_is_refused(asker: Asker, question: tuple[str, str], says: str) -> None:
    result = asker.why(*question)
    assert result.exit_code == 2
    assert says in result.output
    assert len(result.output.strip().splitlines()) == 1


def test_nothing_is_written(asker: Asker) -> None:
    asker.world.visit("slj", "02-01")
    before = asker.world.contents()
    assert asker.why("示例水利", "2023").exit_code == 0
    assert asker.world.contents() == before
