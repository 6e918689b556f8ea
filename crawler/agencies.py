"""Whose report is it: a printed name against the registry, within the agencies of a column.

May touch nothing: names in, a decision with its evidence out. What is not certain is left to a person.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from config.schema import Agency


@dataclass(frozen=True, slots=True)
class Match:
    """`agency` None: not decided, `candidates` are those that it may be; `why` says by what, in Chinese."""

    agency: Agency | None
    why: str
    candidates: tuple[str, ...] = ()


def match(printed: str | None, column: Sequence[Agency]) -> Match:
    """The agency of a column that the document's `printed` name means.

    A column of one agency that prints no name (「我局」) belongs to that agency; a printed name decides otherwise.
    """
    if not printed:
        if len(column) == 1:
            return Match(column[0], f"文中未写机构全称，该栏目只登记了{column[0].name}")
        return Match(None, "文中未写机构全称，栏目登记了多个机构", tuple(agency.id for agency in column))
    name = normalised(printed)
    exact = [agency for agency in column if name in _names(agency)]
    if len(exact) == 1:
        return Match(exact[0], f"文中机构名称「{printed}」与登记一致")
    longer = [agency for agency in column if any(_same_with_region(name, known, agency) for known in _names(agency))]
    if not exact and len(longer) == 1:
        return Match(longer[0], f"文中机构名称「{printed}」与登记的「{longer[0].name}」仅差所属地区")
    return Match(None, f"文中机构名称「{printed}」与栏目登记的机构不一致", tuple(agency.id for agency in column))


def normalised(name: str) -> str:
    """Width and spaces taken out; nothing else, since one character makes another office."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def _names(agency: Agency) -> set[str]:
    return {normalised(name) for name in (agency.name, *agency.aliases)}


def _same_with_region(printed: str, known: str, agency: Agency) -> bool:
    """水利局 ~ 示例市水利局: one name is the other behind a part of the agency's own region."""
    if printed == known or not (known.endswith(printed) or printed.endswith(known)):
        return False
    longer, shorter = (known, printed) if len(known) > len(printed) else (printed, known)
    return len(shorter) >= 3 and longer.removesuffix(shorter) in normalised(agency.region)
