"""The page `/data`: downloads, their description, the files themselves. May touch: the folder of the exports, for reading."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from monitor.exports import folder
from monitor.status.site import METHODS, PREFIXES
from monitor.status.views.data import OWN_COLUMNS, data_page, dictionary, shown_size
from monitor.status.web import Web
from monitor.wording import Language

LATEST = "latest"


def routes(web: Web, language: Language) -> APIRouter:
    """The files have one address, whatever the language."""
    router = APIRouter(prefix=PREFIXES[language], include_in_schema=False)
    exports = folder.exports_dir(web.settings)

    @router.api_route("/data", methods=METHODS)
    def show(request: Request) -> Response:
        return web.site.render(
            request,
            "data.html",
            language,
            view=data_page(exports),
            formats=OWN_COLUMNS,
            size=shown_size,
            public_url=web.settings.public_url.rstrip("/"),
        )

    @router.api_route("/data/dictionary", methods=METHODS)
    def describe(request: Request) -> Response:
        return web.site.render(request, "dictionary.html", language, view=dictionary())

    if language == "zh":

        @router.api_route("/data/files/{build}/{name}", methods=METHODS)
        def send(request: Request, build: str, name: str) -> Response:
            return _file(request, build, name)

    def _file(request: Request, build: str, name: str) -> Response:
        """Only what a build says that it holds is sent: the address is looked up, never put together into a path."""
        found = folder.newest(exports) if build == LATEST else folder.load(exports, build)
        file = found.file(name) if found is not None else None
        if found is None or file is None:
            raise HTTPException(404)
        if build == LATEST:
            return RedirectResponse(f"/data/files/{found.name}/{file.name}", 307)
        etag = f'"{file.sha256}"'
        headers = {
            "ETag": etag,
            # Sent as it is, so that its length is known and a download that broke off can go on: the application
            # compresses only what says nothing of its encoding.
            "Content-Encoding": "identity",
        }
        path = exports / found.name / file.name
        if etag in [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]:
            return Response(status_code=304, headers={"ETag": etag})
        if not path.is_file():  # removed just now, because newer builds came
            raise HTTPException(404)
        return FileResponse(path, headers=headers, media_type=file.media_type, filename=file.name)

    return router
