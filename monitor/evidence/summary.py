"""The page for people: what is said of whom, by which rule, on what it rests, and what it does not prove. Pure.

Chinese and English stand side by side, sentence by sentence, in the same words as in the mails and on the status page.
What comes from outside is bounded here and escaped by the template.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment

from monitor.alerts.findings import ABOUT
from monitor.alerts.lines import plain
from monitor.evidence.claim import Claim
from monitor.evidence.material import Material
from monitor.templates import environment
from monitor.why.answer import Words
from monitor.wording import LANGUAGES, Language, explain, say, show_day, show_moment, state_line

TEMPLATES = Path(__file__).parent / "templates"
MOST_LOOKS = 5
MOST_STATED = 5
MOST_COLUMNS = 3
MOST_FINDINGS = 3
MOST_LINES = 8  # of one finding
SUB = "· "  # begins a line that belongs to the one above
LIMITS = ("machine", "place", "interval", "chain", "reading")


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is said, in each language: a label and its lines."""

    label: Mapping[Language, str]
    lines: Mapping[Language, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Summary:
    """`state`: the word for the state, with its days; `tone`: its colour. `found`: the findings beside it, or empty."""

    name: str
    year: int
    invented: bool
    tone: str
    state: Mapping[Language, str]
    found: Mapping[Language, str]
    made: Mapping[Language, str]
    rows: tuple[Row, ...]


def summary(claim: Claim, material: Material, chain: Mapping[str, Any]) -> Summary:
    """`chain`: as in chain.json."""
    details = claim.details
    return Summary(
        name=plain(details["agency"]["name"]),
        year=claim.year,
        invented=bool(details["agency"]["invented"]),
        tone=details["state"],
        state={language: state_line(details, claim.at, language) for language in LANGUAGES},
        found={language: _found(claim, language) for language in LANGUAGES},
        made={language: _made(claim, language) for language in LANGUAGES},
        rows=tuple(_Telling(claim, material, chain).rows()),
    )


def as_html(page: Summary) -> str:
    return _templates().get_template("summary.html").render(page=page, languages=LANGUAGES, say=say)


@dataclass(frozen=True, slots=True)
class _Telling:
    """What the rows are made of; a method a row, its lines in one language."""

    claim: Claim
    material: Material
    chain: Mapping[str, Any]

    def rows(self) -> Iterator[Row]:
        for name, told in (
            ("office", self._office),
            ("rule", self._rule),
            ("grounds", self._grounds),
            ("published", self._published),
            ("stated", self._stated),
            ("columns", self._columns),
            ("looks", self._looks),
            ("findings", self._findings),
            ("material", self._material),
            ("limits", self._limits),
        ):
            lines = {language: tuple(told(language)) for language in LANGUAGES}
            if any(lines.values()):
                yield Row({language: say(f"pack.label.{name}", language) for language in LANGUAGES}, lines)

    def _office(self, language: Language) -> Iterator[str]:
        agency = self.claim.details["agency"]
        kind = say(f"agency_kind.{agency['kind']}", language)
        yield say("pack.office", language, name=plain(agency["name"]), region=plain(agency["region"]), kind=kind)
        if agency["invented"]:
            yield say("page.invented_long", language)

    def _rule(self, language: Language) -> Iterator[str]:
        details = self.claim.details
        if details["citation"]:
            yield plain(details["citation"][language])
        if details["due"]:
            yield say("pack.due", language, day=show_day(dt.date.fromisoformat(details["due"]), language))
        else:
            yield say("pack.no_due", language)
        local = self.claim.why.local if self.claim.why is not None else None
        if local is not None:
            for words in (local.day.citation, local.day.words, local.missed_words):
                yield plain(_words(words, language))

    def _grounds(self, language: Language) -> Iterator[str]:
        details = self.claim.details
        if details["reason"]:
            yield explain(f"reason.{details['reason']}", details["parameters"], language)
        for note in details["notes"]:
            yield explain(f"note.{note['key']}", note["parameters"], language)
        for step in self.claim.why.steps if self.claim.why is not None else ():
            yield f"{SUB}{step.number}. {plain(_words(step.words, language))}"

    def _published(self, language: Language) -> Iterator[str]:
        found = self.claim.details["published"]
        if found is None:
            return
        after = show_moment(dt.datetime.fromisoformat(found["not_after"]["at"]), language)
        if found["not_before"] is None:
            yield say("pack.seen_first", language, after=after)
        else:
            before = show_moment(dt.datetime.fromisoformat(found["not_before"]["at"]), language)
            yield say("pack.between", language, before=before, after=after)
        if self.claim.details["report_url"]:
            yield plain(self.claim.details["report_url"])

    def _stated(self, language: Language) -> Iterator[str]:
        stated = self.claim.details["stated"]
        for date in stated[:MOST_STATED]:
            source = say(f"date_source.{date['source']}", language)
            yield say("pack.stated", language, source=source, day=date["value"], raw=plain(date["raw"], 40))
        yield from _more(len(stated) - MOST_STATED, "assessment.json", language)

    def _columns(self, language: Language) -> Iterator[str]:
        columns = self.claim.details["columns"]
        for column in columns[:MOST_COLUMNS]:
            name = f"{plain(column['portal_name'], 40)} {plain(column['column_name'], 40)}"
            yield say("pack.column", language, name=name, url=plain(column["url"], 120))
        yield from _more(len(columns) - MOST_COLUMNS, "assessment.json", language)

    def _looks(self, language: Language) -> Iterator[str]:
        looks = sorted((visited.look for visited in self.material.looks), key=lambda look: (look.at, look.id))
        half = MOST_LOOKS // 2
        shown = looks if len(looks) <= MOST_LOOKS else [*looks[:half], *looks[half - MOST_LOOKS :]]
        for look in shown:
            outcome = say(f"look_outcome.{look.outcome}", language)
            if look.reason and language == "zh":  # the crawl writes its reasons in Chinese
                outcome += f"：{plain(look.reason, 80)}"
            at = show_moment(look.at, language)
            yield say("pack.look", language, at=at, number=look.id, outcome=outcome, entries=look.entries)
        yield from _more(len(looks) - len(shown), "looks.json", language)

    def _findings(self, language: Language) -> Iterator[str]:
        for finding in self.claim.findings[:MOST_FINDINGS]:
            opened = show_moment(dt.datetime.fromisoformat(finding["opened_at"]), language)
            yield say("pack.finding", language, what=say(f"finding.{finding['kind']}", language), at=opened)
            told = ABOUT.get(finding["kind"])
            details = finding["details"].get("finding", {})
            lines = list(told(details, language)) if told is not None else []
            colon = "：" if language == "zh" else ": "
            for line in lines[:MOST_LINES]:
                yield SUB + colon.join(
                    part for part in (line.label, " ".join((line.text, line.address)).strip()) if part
                )
            yield from _more(len(lines) - MOST_LINES, "assessment.json", language)
        yield from _more(len(self.claim.findings) - MOST_FINDINGS, "assessment.json", language)

    def _material(self, language: Language) -> Iterator[str]:
        bodies = {capture.sha256 for capture in self.material.captures if capture.sha256}
        counts = {"captures": len(self.material.captures), "bodies": len(bodies), "looks": len(self.material.looks)}
        yield say("pack.material", language, **counts)
        if self.material.readings:
            yield say("pack.material_read", language, count=len(self.material.readings))
        if self.chain["head"] is not None:
            yield say("pack.head", language, number=self.chain["head"]["number"])
            yield self.chain["head"]["hash"]
        if self.chain["unsealed"]:
            yield say("pack.unsealed", language, count=len(self.chain["unsealed"]))
        yield say("pack.check", language)

    def _limits(self, language: Language) -> Iterator[str]:
        yield from (say(f"pack.limit.{limit}", language) for limit in LIMITS)


def _found(claim: Claim, language: Language) -> str:
    """The kinds of the findings that the state does not say already, each once."""
    kinds = dict.fromkeys(finding["kind"] for finding in claim.findings if finding["kind"] != claim.details["state"])
    return ("；" if language == "zh" else "; ").join(say(f"finding.{kind}", language) for kind in kinds)


def _words(words: Words, language: Language) -> str:
    return words.zh if language == "zh" else words.en


def _made(claim: Claim, language: Language) -> str:
    kind = "recorded" if claim.recorded else "computed"
    return say(f"pack.{kind}", language, at=show_moment(claim.at, language))


def _more(count: int, file: str, language: Language) -> Iterator[str]:
    if count > 0:
        yield say("pack.more", language, count=count, file=file)


def _templates() -> Environment:
    return environment(TEMPLATES)
