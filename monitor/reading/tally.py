"""What a reading of many files came to. May touch nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from crawler.workers import Failure
from monitor.reading.words import both
from monitor.wording import LANGUAGES, Language, say


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one file came to, in short: enough for the summary, and for going on later."""

    sha256: str
    is_report: bool = False
    issues: int = 0
    failure: Failure | None = None
    error: str = ""


@dataclass(slots=True)
class Tally:
    files: int = 0
    reports: int = 0
    others: int = 0
    doubtful: int = 0
    failed: Counter[Failure] = field(default_factory=Counter)

    def add(self, verdict: Verdict) -> None:
        self.files += 1
        if verdict.failure is not None:
            self.failed[verdict.failure] += 1
            return
        self.reports += verdict.is_report
        self.others += not verdict.is_report
        self.doubtful += verdict.issues > 0

    def lines(self, seconds: float) -> list[str]:
        said = [
            both("reading.run.done", " / ", files=self.files, seconds=f"{seconds:.1f}"),
            both("reading.run.reports", " / ", reports=self.reports, others=self.others, doubtful=self.doubtful),
        ]
        if self.failed:
            said.append(" / ".join(self._failures(language) for language in LANGUAGES))
        return said

    def _failures(self, language: Language) -> str:
        reasons = (f"{say(f'reading.failure.{kind}', language)} {self.failed[kind]}" for kind in sorted(self.failed))
        return say("reading.run.failed", language, count=self.failed.total(), reasons=", ".join(reasons))
