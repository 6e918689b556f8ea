"""What every answer of the API is made of: the base of all shapes, texts in two languages, a page of a list."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer

from monitor.days import SHANGHAI
from monitor.wording import say

# 2024-02-01T09:00:00+08:00: all moments are told with Beijing's offset.
Moment = Annotated[dt.datetime, AfterValidator(lambda moment: moment.astimezone(SHANGHAI))]
# Exact digits without exponent: JSON's own numbers are binary in most programs.
Exact = Annotated[
    Decimal,
    PlainSerializer(lambda value: format(value, "f"), return_type=str),
    Field(json_schema_extra={"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$", "anyOf": None}),
]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Year = Annotated[int, Field(ge=2007, le=2100)]


class Shown(BaseModel):
    """A part of an answer. Every field is always there; what is not known is null, and the field says what null means."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra=lambda schema: _open(schema))


class Words(Shown):
    """A text in both languages."""

    zh: str = Field(description="Chinese.")
    en: str = Field(description="English.")


def words(key: str, **values: object) -> Words:
    """A text of monitor.wording in both languages."""
    return Words(zh=say(key, "zh", **values), en=say(key, "en", **values))


class Addresses(Shown):
    """A page for people in both languages."""

    zh: str = Field(description="The Chinese page.")
    en: str = Field(description="The English page.")


class PortalName(Shown):
    """A portal (网站) of the configuration."""

    slug: str = Field(description="Its one word in addresses, files and logs.")
    name: str = Field(description="Its name; the slug where it is no longer registered.")


Item = TypeVar("Item", bound=Shown)


class Page(Shown, Generic[Item]):
    """One page of a list."""

    generated_at: Moment = Field(description="The moment of this answer, at which days are counted.")
    judged_at: Moment | None = Field(
        description="When the states were last judged; null if that never ended well. Nothing newer is in the states."
    )
    simulated: bool = Field(description="True if anything that was recorded comes from simulated portals.")
    items: list[Item] = Field(
        description="At most `limit`. May be fewer, even none, while `next` is given: a page ends where looking further "
        "would take too long."
    )
    next: str | None = Field(
        description="The address of the next page, relative to this one's host, also in the Link header; null at the end."
    )


def _open(schema: dict[str, Any]) -> None:
    """Fields may be added within a version: what is refused while building is not forbidden to a reader's program."""
    schema.pop("additionalProperties", None)
