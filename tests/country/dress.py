"""How a column of each family is addressed in the country, and what its entry in the configuration says beyond that.

May touch nothing. A family that joins tests.portals.FAMILIES gets its line here; test_country.py asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.portals.families import FAMILIES


@dataclass(frozen=True, slots=True)
class Dress:
    """`path`: Column.path for the number of a column; `options`: dialects of the simulated family, drawn by number.

    `entry`: what config.schema.Column needs beyond key, url, agencies and name, for a column's path and options.
    `says_empty`: a list of this family says that it holds nothing, where it does.
    `may_forget`: lists of this family prove nothing by themselves where all they hold is new (docs/portals.md).
    `shared`: all columns stand at one path and differ in the query; what is wrong with one is wrong with all.
    """

    path: Callable[[int], str]
    options: tuple[Mapping[str, str | int | bool], ...] = field(default=({},))
    entry: Callable[[str, Mapping[str, str | int | bool]], dict[str, Any]] = lambda path, options: {}
    says_empty: bool = True
    shared: bool = False
    may_forget: bool = False


DRESSES: dict[str, Dress] = {
    "trs": Dress(
        lambda number: f"zwgk/nb{number}",
        (
            {"pager": "countPage"},
            {"pager": "createPageHTML", "dates": "b"},
            {"pager": "hunan", "header": "table"},
            {"pager": "createPageHTML", "titles": "cut"},
        ),
    ),
    "hanweb": Dress(
        lambda number: str(12000 + number),
        (
            {},
            {"dialect": "post"},
            {"dates": "b", "group": 25},
            {"holds": "search"},
            {"dialect": "post", "window": 10, "proxy": 1},
            {"decoy": False},
        ),
    ),
    "jpaas": Dress(
        lambda number: f"col{number}",
        ({}, {"parse": "buildstatic"}, {"units": "vague"}, {"count": True}, {"beyond": "last", "count": True}),
        lambda path, options: {"options": {"unit": "乙"}} if options.get("units") == "vague" else {},
        may_forget=True,
    ),
    # A room for each column: within one all columns have the address of one page.
    "gkmlpt": Dress(lambda number: f"zfb{number}/{300 + number}", ({}, {"body": "data"})),
    # Not `comment`: what such a list lacks may stand in the one that only a script fills, so it is never seen whole.
    "ucap": Dress(
        lambda number: f"jyt/c{110000 + number}", ({}, {"list": "search"}, {"list": "tax"}, {"list": "cloud"})
    ),
    "nfcms": Dress(lambda number: f"zwgk/nb{number}", ({}, {"pager": "none"}, {"dates": False})),
    "lonsun": Dress(lambda number: str(5000 + number), ({}, {"shape": "list"}, {"page_count": False}), shared=True),
    "boda": Dress(lambda number: f"xstz{number}", ({}, {"dynamic": True, "tree": 1082}), says_empty=False),
    "truecms": Dress(lambda number: f"zwgk/nb{number}", ({}, {"shown": 6}, {"ceiling": 10, "shown": 6})),
    "epoint": Dress(
        lambda number: f"{3000 + number:06d}",
        ({}, {"first": 1}, {"inline": True}, {"custom": "string"}),
        shared=True,
    ),
    "general": Dress(
        lambda number: f"zwgk/nb{number}",
        ({}, {"layout": "table"}, {"shape": "snowflake", "pager": "numbers"}, {"layout": "boxes", "shape": "jeecms"}),
        says_empty=False,
    ),
}
KNOWN = tuple(name for name in FAMILIES if name in DRESSES)
