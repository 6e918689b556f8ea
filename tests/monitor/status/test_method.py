"""The page about the method: the rules in use, from the configuration; every section of docs/method.md that it names."""

import re
from html import unescape
from pathlib import Path

import pytest
from fastapi import FastAPI

from config.deadlines import Deadlines, DueDay, LocalRule
from config.schema import YearSpan
from crawler.reports import templates
from monitor.clock import FixedClock
from monitor.context import Context
from monitor.model import State
from monitor.status import create_app
from monitor.status.views.method import FINDINGS, IN_FULL, SECTIONS
from monitor.wording import LANGUAGES, Language, say
from tests.monitor.status.seed import NOW
from tests.monitor.status.test_routes import ask

METHOD = Path(__file__).resolve().parents[3] / "docs" / "method.md"


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_sections_that_are_named_stand_in_the_docs() -> None:
    headings = re.findall(r"^## (.+)$", METHOD.read_text(encoding="utf-8"), re.M)
    assert set(IN_FULL.values()) <= set(headings)
    assert set(IN_FULL) == set(SECTIONS) - {"feeds"}


@pytest.mark.parametrize(("prefix", "language"), [("", "zh"), ("/en", "en")])
def test_everything_that_judging_goes_by(app: FastAPI, seeded: Context, prefix: str, language: Language) -> None:
    html = ask(app, f"{prefix}/method").text
    text = unescape(plain(html))
    for section in SECTIONS:
        assert html.count(f'id="{section}"') == 1
    for rule in seeded.configuration.deadlines.rules:
        assert (rule.citation_zh if language == "zh" else rule.citation_en) in text
    for state in State:
        assert say(f"page.legend.{state.value}", language) in text
    for kind in FINDINGS:
        assert say(f"method.findings.{kind}", language) in text
    for change in seeded.configuration.changes.rules:
        assert (change.why_zh if language == "zh" else change.why_en) in text
    for form in templates.load().values():
        for identity in form.identities:
            assert identity.description in text
    looks = seeded.configuration.deadlines.evidence.absence_looks
    assert say("method.evidence.absence", language, looks=looks) in text


def test_the_days_are_those_of_the_configuration(seeded: Context) -> None:
    rule = LocalRule(
        id="shili-local",
        years=YearSpan(first=2024, last=2024),
        due=DueDay(month=1, day=7),
        citation_zh="《示例通知》<b>",
        citation_en="Notice",
    )
    given = seeded.configuration
    evidence = given.deadlines.evidence.model_copy(update={"absence_looks": 9})
    deadlines = Deadlines(rules=given.deadlines.rules[:1], local=(rule,), evidence=evidence)
    changed = type(given)(given.agencies, given.portals, deadlines, given.alerts)
    html = ask(create_app(seeded.settings, changed, seeded.sessions, FixedClock(NOW)), "/method").text
    assert "1月7日" in html and "《示例通知》&lt;b&gt;" in html
    assert "至少 9 个不同日期" in html
    assert "第四十九条第一句" not in html
    assert "目前没有登记任何此类日期" not in html


def test_there_is_a_text_for_every_language() -> None:
    assert LANGUAGES == ("zh", "en")
    for kind in FINDINGS:
        for language in LANGUAGES:
            assert say(f"method.findings.{kind}", language)
