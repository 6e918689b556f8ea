"""The dictionary of codes."""

from pydantic import Field

from monitor.status.api.models.common import Page, Shown


class Form(Shown):
    """The cell as one report form prints it."""

    template: str = Field(description="The form, by the first report year it is for.")
    section: str = Field(description="The part of the form.")
    row_label: str = Field(description="Outermost label first, parted by /.")
    column_label: str = Field(description="Outermost label first, parted by /.")
    unit: str


class Indicator(Shown):
    """One statutory cell."""

    code: str = Field(description="Its one name in facts, findings and exports.")
    label: str = Field(description="As the newest form that has it prints it: row × column.")
    unit: str = Field(description="In which facts are kept; money is in 元 whatever the report is written in.")
    forms: list[Form] = Field(description="The forms that have it, oldest first.")


class IndicatorPage(Page[Indicator]):
    """By code."""
