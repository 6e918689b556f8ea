"""Bodies of reports for the simulated portals: the published ones as they are, and those of invented agencies.

Touches the golden reports only. An invented report says in its first line that it is invented; its numbers are
computed from a few stated ones, so that its sums hold unless a misprint is asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape

from crawler.reports import templates
from tests.golden.pages import form_html

APPLICANTS = ("natural_person", "company", "research", "social_organisation", "legal_service", "other_organisation")
DISPUTES = ("review", "litigation_direct", "litigation_after_review")
ENDINGS = ("upheld", "corrected", "other", "pending")

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers that make a report of the 2021 form; everything else follows or is 0.

    `carried_in` and the `outcomes` (row code → applicants) are counted per applicant; received is what then
    balances with `carried_out`. `proactive` holds table two by code, money in yuan. `misprints` are printed
    instead of the computed number, by code; `said_received` stands in the text instead of what table three has.
    """

    outcomes: Mapping[str, Counts] = field(default_factory=dict)
    carried_in: Counts = field(default_factory=dict)
    carried_out: Counts = field(default_factory=dict)
    proactive: Counts = field(default_factory=dict)
    disputes: Mapping[str, Counts] = field(default_factory=dict)
    misprints: Counts = field(default_factory=dict)
    said_received: int | None = None

    def with_outcomes(self, **changed: Counts) -> Figures:
        """The same report with other outcomes in the rows named."""
        return replace(self, outcomes={**self.outcomes, **changed})

    def values(self) -> dict[str, int]:
        """Every cell of the form: code → number."""
        cells = {cell.code: 0 for cell in templates.load()["2021"].cells()}
        values = dict.fromkeys(cells, 0) | dict(self.proactive)
        for row, counts in self._rows().items():
            values |= {f"requests.{row}.{applicant}": counts.get(applicant, 0) for applicant in APPLICANTS}
            values[f"requests.{row}.total"] = sum(counts.values())
        for row in DISPUTES:
            counts = self.disputes.get(row, {})
            values |= {f"{row}.{ending}": counts.get(ending, 0) for ending in ENDINGS}
            values[f"{row}.total"] = sum(counts.values())
        values |= self.misprints
        if unknown := values.keys() - cells.keys():
            raise ValueError(f"the form of 2021 has no cell {', '.join(sorted(unknown))}")
        return values

    def _rows(self) -> dict[str, Counts]:
        processed = {a: sum(counts.get(a, 0) for counts in self.outcomes.values()) for a in APPLICANTS}
        received = {a: processed[a] + self.carried_out.get(a, 0) - self.carried_in.get(a, 0) for a in APPLICANTS}
        return {
            **self.outcomes,
            "received": received,
            "carried_in": self.carried_in,
            "processed_total": processed,
            "carried_out": self.carried_out,
        }


def invented_title(agency: str, year: int) -> str:
    return f"{agency}{year}年政府信息公开工作年度报告"


def invented_report(agency: str, year: int, figures: Figures, signed_on: dt.date) -> str:
    """The body of an invented agency's report of `year` in the form of 2021, with its tables."""
    if "示例" not in agency:
        raise ValueError(f"{agency}: an invented agency has 示例 in its name")
    values = figures.values()
    said = values["requests.received.total"] if figures.said_received is None else figures.said_received
    name = escape(agency)
    tables = form_html("2021", values).split("<p>三、", 1)
    three, four = tables[1].split("<p>四、", 1)
    return f"""<p>（演示用虚构报告：{name}并不存在，数字均为虚构。Invented for a demonstration.）</p>
<p>本报告所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。</p>
<p>一、总体情况</p>
<p>{year}年，{name}共收到政府信息公开申请{said}件，均在规定期限内办理。</p>
{tables[0]}
<p>三、{three}
<p>四、{four}
<p>五、存在的主要问题及改进情况</p>
<p>公开内容的及时性仍可提高（虚构）。</p>
<p>六、其他需要报告的事项</p>
<p>无其他需要报告的事项（虚构）。</p>
<p style="text-align:right">{name}</p>
<p style="text-align:right">{signed_on.year}年{signed_on.month}月{signed_on.day}日</p>"""
