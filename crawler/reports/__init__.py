"""Document → ParsedReport: whose report, which year, which form, every statutory cell, every date.

Touches no file but the templates, no socket, no clock, no store. Reading again gives the same result.
"""

from __future__ import annotations

from crawler.model import Document, Issue, ParsedReport
from crawler.reports import (
    certainty,
    choose,
    dates,
    fingerprint,
    identify,
    identities,
    narrative,
    notices,
    proposals,
    templates,
)
from crawler.reports.tables import extract, owners, swaps

# Raise it whenever any reading changes: a change of a number counts only between captures of one version.
EXTRACTOR = "4"

FIRST_YEAR_OF_FORMS = 2019


def parse(document: Document, *, hint_title: str = "") -> ParsedReport:
    """Everything that the document states. `hint_title`: the title under which a list linked to it."""
    who = identify.identify(document, hint_title=hint_title)
    template, why, template_issues = choose.choose(document, templates.load())
    issues: list[Issue] = [*document.issues, *who.issues, *template_issues]
    has_tables = template is not None and bool(template.blocks) and not template.is_annex
    if who.is_report and not has_tables and template is not None and (who.year or 0) >= FIRST_YEAR_OF_FORMS:
        message = f"{who.year} 年的报告应有法定统计表格，这里没有（可能是图片或附件）。"
        issues.append(Issue("no_tables", message))
    strangers = owners.strangers(document, who) if template and template.blocks else {}
    facts, fact_issues = extract.extract(document, template, strangers) if template else ((), ())
    sums = identities.evaluate(template, facts) if template else ()
    if has_tables and any(result.holds is False for result in sums):
        facts, swap_issues = swaps.open_exchanged(document, facts, sums)
        fact_issues = (*fact_issues, *swap_issues)
        sums = identities.evaluate(template, facts) if template else ()
    facts = certainty.confirmed(facts, sums, recognised=document.recognised)
    sums = certainty.with_certainty(sums, facts)
    statements, statement_issues = narrative.read(document, year=who.year)
    if template is not None and facts:
        issues += choose.other_years(template, who.year)
    issues += [*fact_issues, *statement_issues]
    is_report = who.is_report or has_tables
    return ParsedReport(
        is_report=is_report,
        agency=who.agency,
        year=who.year,
        template=template.template if template and (is_report or facts) else None,
        signed_on=who.signature.value if who.signature else None,
        period=who.period,
        title=who.title,
        facts=facts,
        statements=statements if is_report else (),
        identities=sums,
        proposals=proposals.propose(template, facts, sums) if template else (),
        notices=notices.find(document, who.title) if is_report else (),
        fingerprint=fingerprint.fingerprint(document, facts, who.agency) if is_report else None,
        dates=dates.evidence(document, who.signature),
        issues=tuple(issues),
        evidence={**who.evidence, "template": why},
    )
