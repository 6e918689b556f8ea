"""The blocks that a 通报 is made of. Values; touches nothing."""

from dataclasses import dataclass
from typing import Literal

Style = Literal["body", "title", "mark", "addressee", "signature", "small"]


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 1: 一、…  Level 2: （一）…"""

    text: str
    level: Literal[1, 2]
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    style: Style = "body"


@dataclass(frozen=True, slots=True)
class Table:
    """`widths` in millimetres. A cell is one or more lines, divided by line feeds."""

    headings: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Paragraph | Table
