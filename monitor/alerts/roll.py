"""A roll: who has published and who has not, by one due day, as the calendar's editions tell it. Pure values.

monitor.alerts.editions makes it, in both languages at once; monitor.alerts.digest renders it to text and HTML. Everything
in it may come from outside (names, reasons) and is made plain and escaped where it is rendered.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.wording import Language


@dataclass(frozen=True, slots=True)
class Row:
    """One office. `text`: what is said of it, may be empty. `link`: its page on the status page, in the half's language."""

    name: str
    region: str
    text: str
    link: str
    invented: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Offices of which the same is said. `title` has the true count in it; `tone`: missing, unknown, due_soon, on_time, plain.

    `note`: one or two sentences below the title (the rule, what the group does not mean), may be empty. `more`: so many
    further offices are counted and not listed; the status page has them.
    """

    title: str
    tone: str
    note: str
    rows: tuple[Row, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class RollHalf:
    """A roll in one language. `subject`: for the subject line; `lead`: the sentence that says it all, with the numbers."""

    subject: str
    title: str
    lead: str
    groups: tuple[Group, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Roll:
    """`name`: of the edition, like run_up:2023:2024-01-31:12; a recipient and channel gets it once."""

    name: str
    halves: Mapping[Language, RollHalf]
