"""What the API says of itself: `/api/openapi.json`, and `/api/v1/problems`. May touch nothing but the application."""

from typing import Any, Final

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from pydantic import TypeAdapter

from monitor.status.api.answers import Answers
from monitor.status.api.models.problem import Problem, ProblemKinds
from monitor.status.api.problems import kinds
from monitor.status.api.queries import refuse_all
from monitor.status.api.routing import options, put_up

PATH: Final = "/api/openapi.json"
SUMMARY: Final = "The watch over China's government-disclosure annual reports."
TEXT: Final = """\
公开（gongkai）的只读接口。说明与示例见 docs/api.md。

- 列表分页：`limit`（1–500，默认 100），下一页的地址在 `next` 和 `Link` 头中；游标不透明，只与原来的筛选条件同用。
- 未知、重复、空或无意义的参数一律拒绝（400，application/problem+json）。
- 法定数字是十进制字符串，单位另列；数字、空白、没有此格是三种不同的状态；null 的含义见各字段说明。
- 时间为 ISO 8601，带 +08:00；日为北京时间的日历日。

The read-only API of gongkai; see docs/api.md. Lists come in pages (`limit` 1–500, 100 by default; the next page's address is
in `next` and in the Link header). Parameters that are unknown, repeated, empty or mean nothing are refused. Numbers that the
law counts are decimal strings with a unit; a number, a blank and no such cell are three different states; every field says
what null means. Send the ETag back as If-None-Match.
"""


def routes(answers: Answers) -> APIRouter:
    web = answers.web
    router = APIRouter(tags=["description"])

    def get_description(request: Request) -> Response:
        marks = (web.settings.public_url,)
        return answers.answer(request, "description", marks, lambda: describe(request.app))

    def get_problems(request: Request) -> Response:
        """What the `type` of a problem refers to: every kind with its status and what it means."""
        return answers.answer(request, "problems", (), kinds)

    put_up(router, "/problems", get_problems, ProblemKinds, paged=False)
    checks = [Depends(refuse_all)]
    router.add_api_route(PATH, get_description, methods=["GET", "HEAD"], dependencies=checks, include_in_schema=False)
    router.add_api_route(PATH, options, methods=["OPTIONS"], include_in_schema=False)
    return router


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description of an application. What is refused is a 400 here, never FastAPI's own 422."""
    if app.openapi_schema is None:
        found = app.openapi()
        schemas = found["components"]["schemas"]
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        schemas["Problem"] = TypeAdapter(Problem).json_schema(ref_template="#/components/schemas/{model}")
        for methods in found["paths"].values():
            for operation in methods.values():
                operation["responses"].pop("422", None)
    return app.openapi()
