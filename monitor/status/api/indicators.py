"""`/api/v1/indicators`: what the codes of the cells mean. May touch: the report forms (config/templates)."""

from functools import cache
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from crawler.reports import templates
from monitor.status.api.answers import Answers, place_of
from monitor.status.api.models.indicator import Form, Indicator, IndicatorPage
from monitor.status.api.queries import CODE, Paged
from monitor.status.api.routing import put_up


class IndicatorQuery(Paged):
    """Which cells."""

    template: Annotated[
        str | None, Field(pattern=r"^[0-9]{4}$", description=f"A report form: {', '.join(templates.load())}.")
    ] = None
    code: Annotated[str | None, Field(pattern=CODE, description="One cell.")] = None


def routes(answers: Answers) -> APIRouter:
    web = answers.web
    router = APIRouter(tags=["indicators"])

    def list_indicators(request: Request, query: Annotated[IndicatorQuery, Query()]) -> Response:
        """Every cell of every report form, with its official labels and its unit."""
        board = web.board()
        place = place_of(request, query, (str,))

        def make() -> IndicatorPage:
            chosen = [
                cell
                for cell in dictionary()
                if (place is None or cell.code > str(place[0]))
                and query.code in (None, cell.code)
                and query.template in (None, *(form.template for form in cell.forms))
            ]
            items = chosen[: query.limit]
            more = [items[-1].code] if len(chosen) > query.limit else None
            return answers.page(request, IndicatorPage, board, items, more)

        return answers.answer(request, "indicators", answers.board_marks(board), make)

    put_up(router, "/indicators", list_indicators, IndicatorPage)
    return router


@cache
def dictionary() -> tuple[Indicator, ...]:
    """Every cell, by code."""
    forms: dict[str, list[Form]] = {}
    for name, template in templates.load().items():
        for cell in template.cells():
            forms.setdefault(cell.code, []).append(
                Form(
                    template=name,
                    section=cell.section,
                    row_label=cell.row_label,
                    column_label=cell.column_label,
                    unit=cell.unit,
                )
            )
    return tuple(
        Indicator(code=code, label=templates.labels()[code], unit=found[-1].unit, forms=found)
        for code, found in sorted(forms.items())
    )
