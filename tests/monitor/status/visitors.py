"""People before the page: a copy of the seeded store that may be written, accounts, and who is logged in.

May touch: the folder it is given. A visitor keeps cookies and sends forms as a browser does, token and all.
"""

import asyncio
import sqlite3
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
from bs4 import BeautifulSoup
from fastapi import FastAPI

from config.env import Settings
from crawler.archive import Archive
from crawler.items import CaptureItem, ListedEntry, LookItem
from crawler.model import LookOutcome
from crawler.read_captures import read_pending
from crawler.store.session import open_store
from crawler.store.writes import visit
from monitor.accounts import Role, accounts, logins
from monitor.clock import REAL, FixedClock
from monitor.context import Context
from monitor.status import create_app
from tests.golden.pages import form_html
from tests.monitor.status.seed import HOST, NOW

ORIGIN = "http://page.test"
PASSWORD = "a long enough phrase"
NAMES = {Role.READER: "读者甲", Role.REVIEWER: "复核员乙", Role.OPERATOR: "运维员丙"}


@dataclass
class Room:
    """The page on a store of its own, with one account of each role."""

    context: Context
    app: FastAPI

    def visitor(self, role: Role | None = None, **headers: str) -> "Visitor":
        """Somebody at the page; with a role, somebody whose session is open already."""
        found = Visitor(self.app, headers)
        if role is not None:
            with self.context.sessions.begin() as session:
                token = logins.open_for(session, accounts.existing(session, NAMES[role]), REAL.now())
            found.cookies.set("gongkai", token, domain="page.test")
        return found


@dataclass
class Visitor:
    """One browser: its cookies and the headers that it always sends."""

    app: FastAPI
    headers: dict[str, str] = field(default_factory=dict)
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)

    def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=("192.0.2.7", 50000))
            async with httpx.AsyncClient(
                transport=transport, base_url=ORIGIN, headers=self.headers, cookies=self.cookies
            ) as client:
                answer = await client.request(method, path, **given)
                self.cookies = client.cookies
                return answer

        return asyncio.run(send())

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, data: dict[str, Any], **headers: str) -> httpx.Response:
        return self.ask("POST", path, data=data, headers=headers)

    def login(self, name: str, password: str, wanted: str = "/", prefix: str = "") -> httpx.Response:
        form = token_of(self.get(f"{prefix}/login"))
        return self.post(f"{prefix}/login", {"form": form, "name": name, "password": password, "next": wanted})

    def token(self) -> str:
        """What the forms of this session carry."""
        return token_of(self.get("/account"))

    def send(self, path: str, **fields: Any) -> httpx.Response:
        """A form of ours, with the token of the session."""
        return self.post(path, {"form": self.token(), **fields})


def token_of(answer: httpx.Response) -> str:
    found = BeautifulSoup(answer.text, "lxml").select_one("input[name=form]")
    assert found is not None, answer.text[:500]
    return str(found["value"])


def room(seeded: Context, folder: Path, **settings: Any) -> Room:
    """A page on a copy of the seeded store."""
    path = folder / "gongkai.db"
    with sqlite3.connect(seeded.settings.data_dir / "gongkai.db") as source, sqlite3.connect(path) as target:
        source.backup(target)
    source.close()
    target.close()
    made = Settings(data_dir=seeded.settings.data_dir, database_url=f"sqlite:///{path}", **settings)
    sessions = open_store(made.database)
    with sessions.begin() as session:
        for role, name in NAMES.items():
            accounts.add(session, name, role, PASSWORD, REAL.now())
    context = replace(seeded, settings=made, sessions=sessions)
    return Room(context, create_app(made, context.configuration, sessions, FixedClock(seeded.now)))


def add_waiting(found: Room) -> None:
    """Three pages that do not say whose they are, in a column of one office; their titles try to become a part of ours."""
    archive, portal = Archive(found.context.settings.archive_dir), "sim-shili-whj"
    with found.context.sessions.begin() as session:
        run = visit.start_run(session, portal, NOW, simulated=True)
        listed = []
        for number in range(3):
            url, title = f"http://{HOST}/shared/{number}.html", f"年度报告<script>alert({number})</script>"
            form = form_html("2021", {"requests.received.total": number})
            body = f"<meta charset=utf-8><h1>政府信息公开工作年度报告</h1>{form}<p>{number}</p>".encode()
            item = CaptureItem(
                portal, "nb", "detail", url, url, NOW, 200, LookOutcome.HEALTHY,
                body=body, media_type="text/html", entry_url=url,
            )  # fmt: skip
            visit.add_captures(session, run, [(item, archive.put(body))])
            listed.append(ListedEntry(url, title, None, "", "unsure", "标题可能是年度报告"))
        look = LookItem(portal, "nb", NOW, LookOutcome.HEALTHY, entries=tuple(listed), pages=1)
        visit.add_look(session, run, look)
    read_pending(found.context.sessions, archive, found.context.configuration, now=NOW)
