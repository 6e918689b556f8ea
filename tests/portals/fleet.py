"""All simulated portals of a world together, their common day, and the control port that steers them over HTTP.

May touch: sockets of 127.0.0.1, threads. Ends everything that it started when the `with` block ends.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import Any

from tests.portals.faults import Fault, Kind
from tests.portals.server import Handler, Server, SimulatedPortal
from tests.portals.site import Site


@dataclass(frozen=True, slots=True)
class World:
    """Sites and what is wrong with them when."""

    sites: tuple[Site, ...]
    faults: Mapping[str, tuple[Fault, ...]] = field(default_factory=dict)


class SimulatedPortals:
    """`with SimulatedPortals(world) as portals:` starts one server a site and the control server.

    `portals.day` is the simulated day, to be set at will. Over HTTP the same is done by POSTs to `control_url`:
    `/day` with an ISO day as the body, `/misbehave` with JSON {"portal", "kind", "path"?, "first"?, "last"?},
    `/behave` with JSON {"portal"}. GET `/` tells the day and the addresses.
    """

    def __init__(
        self, world: World, day: dt.date = dt.date(2024, 1, 15), ports: Mapping[str, int] | None = None
    ) -> None:
        """`ports`: by slug, of portals that stood there before; the others take any free one."""
        self.day = day
        self._ports = ports or {}
        self._world = world
        self._portals: dict[str, SimulatedPortal] = {}
        self._control: Server | None = None

    def __enter__(self) -> SimulatedPortals:
        for site in self._world.sites:
            known = self._world.faults.get(site.slug, ())
            self._portals[site.slug] = SimulatedPortal(site, known, lambda: self.day, self._ports.get(site.slug, 0))
        self._control = Server(_control_handler(self))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for portal in self._portals.values():
            portal.close()
        if self._control is not None:
            self._control.close()

    def __getitem__(self, slug: str) -> SimulatedPortal:
        return self._portals[slug]

    def __iter__(self) -> Iterator[SimulatedPortal]:
        return iter(self._portals.values())

    @property
    def control_url(self) -> str:
        if self._control is None:
            raise RuntimeError("the portals are not running: use `with SimulatedPortals(…)`")
        return f"http://{self._control.host}"

    def state(self) -> dict[str, Any]:
        """The day and the addresses, as the control port tells them."""
        return {
            "day": self.day.isoformat(),
            "control": self.control_url,
            "portals": {
                portal.site.slug: [portal.column_url(number) for number in range(len(portal.site.columns))]
                for portal in self
            },
        }


def _control_handler(portals: SimulatedPortals) -> type[Handler]:
    class ControlHandler(Handler):
        def do_GET(self) -> None:
            self._send(HTTPStatus.OK, portals.state())

        def do_POST(self) -> None:
            body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), 65536)).decode()
            try:
                self._obey(body)
            except (ValueError, KeyError) as error:
                self._send(HTTPStatus.BAD_REQUEST, {"error": str(error)})
            else:
                self._send(HTTPStatus.OK, portals.state())

        def _obey(self, body: str) -> None:
            if self.path == "/day":
                portals.day = dt.date.fromisoformat(body.strip())
                return
            order = json.loads(body)
            portal = portals[order.pop("portal")]
            if self.path == "/misbehave":
                first, last = (dt.date.fromisoformat(order[key]) if key in order else None for key in ("first", "last"))
                portal.misbehave(Kind(order["kind"]), order.get("path", ""), first=first, last=last)
            elif self.path == "/behave":
                portal.behave()
            else:
                raise ValueError(f"no such order: {self.path}")

        def _send(self, status: int, answer: dict[str, Any]) -> None:
            body = json.dumps(answer, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return ControlHandler
