"""Where in a document something stands."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from monitor.status.api.models.common import Shown


class ShownPlace(Shown):
    """Counted from 1, as a person counts; rows and columns within the table with its spans expanded."""

    block: int = Field(description="Paragraphs and tables counted together.")
    table: int | None = Field(description="Null: it stands in no table.")
    row: int | None = Field(description="Null: in no table.")
    column: int | None = Field(description="Null: in no table.")
    page: int | None = Field(description="Null: the format has no pages.")
    row_label: str = Field(description="As printed; empty: none.")
    column_label: str = Field(description="As printed; empty: none.")
    box: list[float] | None = Field(
        description="[page, left, top, right, bottom] in points (1/72 inch) from the page's top left corner; null: the "
        "format has no pages."
    )


def shown_place(stored: Mapping[str, Any] | None) -> ShownPlace | None:
    """From crawler.model.Place.as_json, which leaves out what is not set."""
    if stored is None:
        return None
    return ShownPlace(
        block=stored["block"],
        table=stored.get("table"),
        row=stored.get("row"),
        column=stored.get("column"),
        page=stored.get("page"),
        row_label=stored.get("row_label", ""),
        column_label=stored.get("column_label", ""),
        box=stored.get("box"),
    )
