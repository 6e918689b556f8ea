"""`/healthz`: whether the service can do its work; and its small picture. May touch: the store, for reading."""

from fastapi import APIRouter
from fastapi.responses import FileResponse, JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError

from crawler.store.session import schema_version, version_problem
from monitor.status.site import METHODS, STATIC
from monitor.status.web import Web


class Health(BaseModel):
    """Whether the service can do its work."""

    status: str = Field(description="ok or failed.")
    database: str = Field(description="ok, or why it cannot be used.")
    schema_version: str | None = Field(description="The version of the database's schema; null if it does not answer.")


def routes(web: Web) -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/healthz", response_model=Health, responses={503: {"model": Health, "description": "It cannot."}})
    def get_health() -> JSONResponse:
        """200 while the database answers and has the schema that the program needs, 503 with the reason otherwise."""
        version, problem = None, ""
        try:
            with web.sessions() as session:
                version = schema_version(session.connection())
            if wrong := version_problem(version):
                problem = f"the database {wrong}"
        except SQLAlchemyError as error:
            problem = f"the database does not answer ({type(error).__name__})"
        health = Health(status="failed" if problem else "ok", database=problem or "ok", schema_version=version)
        return JSONResponse(health.model_dump(), status_code=503 if problem else 200)

    @router.api_route("/favicon.ico", methods=METHODS, include_in_schema=False)
    def get_favicon() -> FileResponse:
        return FileResponse(STATIC / "favicon.svg", media_type="image/svg+xml")

    return router
