"""Which published form a document fills in, by what its tables say and never by its year. Touches nothing.

Every form has labels that no other form has (its marks). Old forms are still used years after a new one came.
"""

from __future__ import annotations

from collections.abc import Mapping

from crawler.model import Document, Issue, Table
from crawler.reports.annex import tree
from crawler.reports.labels import normalise
from crawler.reports.templates import Template

# The fiscal years for which each form was prescribed, first and last.
YEARS = {"2014": (2014, 2018), "2019": (2019, 2020), "2021": (2021, 9999)}

# Fewer labels than this occur by chance in menus and index headers.
_FEWEST_LABELS = 5


def choose(document: Document, templates: Mapping[str, Template]) -> tuple[Template | None, str, tuple[Issue, ...]]:
    """(form, why, issues). The form without blocks (2008) where no statutory table stands; None on a tie.

    An annex counts where the report has no statutory tables; beside them it is only reported.
    """
    forms = {key: template for key, template in templates.items() if not template.is_annex}
    chosen, why, issues = _by_tables(document, forms)
    for key, annex in templates.items():
        labels = tree.labels(document, annex) if annex.is_annex else frozenset()
        if labels and chosen is not None and not chosen.blocks:
            return annex, f"文中有 {key} 年起使用的统计表（{len(labels)} 种栏目）", issues
        if labels:
            message = f"除法定统计表格外，文中还有 {key} 年起使用的统计表（{len(labels)} 种栏目），未读取。"
            issues = (*issues, Issue("annex_unread", message))
    return chosen, why, issues


def _by_tables(document: Document, templates: Mapping[str, Template]) -> tuple[Template | None, str, tuple[Issue, ...]]:
    said = {
        normalise(cell.text)
        for table in document.blocks
        if isinstance(table, Table)
        for row in table.rows
        for cell in row
    }
    forms = {key: template for key, template in templates.items() if template.blocks}
    plain = next(template for template in templates.values() if not template.blocks)
    known = frozenset().union(*(form.leaf_names() for form in forms.values()))
    if len(said & known) < _FEWEST_LABELS:
        return plain, "没有法定统计表格", ()
    found: dict[str, set[str]] = {}
    for key, form in forms.items():
        others = frozenset().union(*(other.all_names() for name, other in forms.items() if name != key))
        found[key] = said & (form.leaf_names() - others)
    best = max(found, key=lambda key: len(found[key]))
    rivals = [key for key in found if key != best and found[key]]
    issues: tuple[Issue, ...] = ()
    if rivals:
        what = "；".join(f"{key}：{'、'.join(sorted(found[key]))}" for key in (best, *rivals))
        issues = (Issue("mixed_templates", f"表格中有两种格式的栏目（{what}）。"),)
    if found[best] and any(len(found[key]) == len(found[best]) for key in rivals):
        return None, "两种格式的栏目一样多，不能确定", issues
    if found[best]:
        return forms[best], f"表格中有 {best} 年格式特有的栏目：{'、'.join(sorted(found[best]))}", issues
    return _by_absence(said, forms)


def _by_absence(said: set[str], forms: Mapping[str, Template]) -> tuple[Template | None, str, tuple[Issue, ...]]:
    """Table three alone: the form whose every row of it stands there, where another form has more rows."""
    complete: list[tuple[int, str]] = []
    for key, form in forms.items():
        rows = [row.path[-1].names for block in form.blocks if block.section == "三" for row in block.rows]
        if all(names & said for names in rows):
            complete.append((len(rows), key))
    if complete:
        _, key = max(complete)
        return forms[key], f"表三的行与 {key} 年格式一致", ()
    issue = Issue("template_open", "有法定表格的栏目，但看不出是哪一年的格式，未读取表格。")
    return None, "表格中没有任何一种格式特有的栏目", (issue,)


def other_years(template: Template, year: int | None) -> tuple[Issue, ...]:
    """Said, and nothing more: the tables are read by the form that is printed."""
    first, last = YEARS.get(template.template, (0, 9999))
    if year is None or first <= year <= last:
        return ()
    message = f"{year} 年的报告使用了 {template.template} 年的格式（{template.citation}），按所用格式读取。"
    return (Issue("form_of_other_years", message),)
