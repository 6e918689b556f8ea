"""What the API answers when it cannot give what was asked: application/problem+json (RFC 9457), Chinese first.

May touch nothing. A kind of problem is one line in PROBLEMS and its words in wording/api.yml.
"""

from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from monitor.status.api.headers import CORS, METHODS
from monitor.status.api.models.common import words
from monitor.status.api.models.problem import ProblemKind, ProblemKinds
from monitor.status.api.queries import BadParameter
from monitor.status.headers import SECURITY
from monitor.wording import LANGUAGES, say

MEDIA_TYPE: Final = "application/problem+json"
PATH: Final = "/api/v1/problems"
LONGEST = 100  # characters of a name that came from outside
# By status; a status without a line here is told as an error of the server or of the request.
PROBLEMS: Final = {
    400: "bad_parameter",
    401: "login_needed",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    422: "unprocessable",
    429: "too_many_requests",
    500: "server_error",
    503: "unavailable",
}


def problem(status: int, *, parameter: str = "", why: tuple[str, str] = ("", "")) -> JSONResponse:
    """The answer to a request that failed. `why`: in Chinese and English, of a bad `parameter`."""
    kind = PROBLEMS.get(status, "unprocessable" if status < 500 else "server_error")
    body: dict[str, Any] = {
        "type": f"{PATH}#{kind}",
        "title": f"{say(f'problem.{kind}', 'zh')} / {say(f'problem.{kind}', 'en')}",
        "status": status,
        "detail": _detail(kind, parameter, why),
    }
    if parameter:
        body["parameter"] = parameter[:LONGEST]
    headers = {**SECURITY, **CORS, "Cache-Control": "no-store" if status >= 500 else "no-cache"}
    if status == 405:
        headers["Allow"] = METHODS
    return JSONResponse(body, status, headers, MEDIA_TYPE)


def bad_request(error: RequestValidationError | BadParameter) -> JSONResponse:
    """The first parameter that was refused, by its name."""
    if isinstance(error, BadParameter):
        return problem(400, parameter=error.name, why=(error.zh, error.en))
    first = error.errors()[0]
    where, *names = first["loc"]
    name = str(names[0]) if names else ""
    if where == "path":
        return problem(404)  # no name of anything has this form
    if where != "query":
        return problem(422)
    if not name:
        return problem(400)  # a value without a name: ?=1
    if first["type"] == "extra_forbidden":
        return problem(400, parameter=name, why=("没有这个参数", "there is no such parameter"))
    return problem(400, parameter=name, why=("值无效", str(first["msg"]).removeprefix("Value error, ")))


def kinds() -> ProblemKinds:
    """Every kind of problem."""
    return ProblemKinds(
        items=[
            ProblemKind(
                id=kind,
                status=status,
                title=words(f"problem.{kind}"),
                detail=words("problem_detail.parameter_kind" if status == 400 else f"problem_detail.{kind}"),
            )
            for status, kind in PROBLEMS.items()
        ]
    )


def _detail(kind: str, parameter: str, why: tuple[str, str]) -> str:
    if not parameter:
        return f"{say(f'problem_detail.{kind}', 'zh')} / {say(f'problem_detail.{kind}', 'en')}"
    name = parameter[:LONGEST]
    return " / ".join(
        say("problem_detail.parameter", language, name=name, why=why[place] or say("problem_detail.invalid", language))
        for place, language in enumerate(LANGUAGES)
    )
