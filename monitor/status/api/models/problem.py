"""What is answered instead of what was asked for (RFC 9457)."""

from pydantic import BaseModel, Field

from monitor.status.api.models.common import Shown, Words


class Problem(BaseModel):
    """A problem, as application/problem+json."""

    type: str = Field(description="Which kind of problem: an address relative to this host, explained there.")
    title: str = Field(description="The kind in words, Chinese / English.")
    status: int = Field(description="The HTTP status.", ge=400, le=599)
    detail: str = Field(description="What is wrong here, Chinese / English.")
    parameter: str = Field(
        "", description="The name of the parameter that was refused; there only if one was.", max_length=100
    )


class ProblemKind(Shown):
    """One kind of problem."""

    id: str = Field(description="What stands behind the # of a problem's `type`.")
    status: int = Field(description="The HTTP status that it comes with.")
    title: Words = Field(description="What it is called.")
    detail: Words = Field(description="What it means, and what to do.")


class ProblemKinds(Shown):
    """Every kind of problem."""

    items: list[ProblemKind] = Field(description="By status.")
