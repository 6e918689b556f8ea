"""How a simulated portal may misbehave, and what it then sends.

May touch nothing: the server asks here which fault holds for a request and what the answer looks like.
The block pages are invented after published descriptions of such pages; none is a copy.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from tests.portals import frame
from tests.portals.site import Column, Page, Site


class Kind(StrEnum):
    SERVER_ERROR = "server_error"  # 503
    CHALLENGE_521 = "challenge_521"  # a script that sets a clearance cookie
    CHALLENGE_412 = "challenge_412"  # a script page without title or text
    CAPTCHA = "captcha"  # 200 with a slider
    DENIED = "denied"  # 403
    NOT_FOUND = "not_found"  # 404
    SOFT_404 = "soft_404"  # 200 with "page does not exist"
    TO_HOME = "to_home"  # 302 to /
    TO_OTHER_HOST = "to_other_host"  # 302 to a host that is not registered
    SHELL = "shell"  # 200 with a script that would move on, nothing else
    EMPTIED = "emptied"  # every list says that it holds nothing
    SHRUNKEN = "shrunken"  # every list holds its oldest articles only; the pages of the others still answer
    HIJACKED = "hijacked"  # 200 with a gambling site: the domain is in other hands
    OTHER_SITE = "other_site"  # every page names another site's code
    LYING_CHARSET = "lying_charset"  # the bytes are GBK, header and meta say UTF-8
    SLOW = "slow"  # the answer comes after `seconds`
    CUT = "cut"  # the connection ends in the middle of the body
    TRUNCATED = "truncated"  # a shorter body that says its own length: cut before it came to the server
    REFUSE = "refuse"  # the connection ends before any answer
    ENDLESS = "endless"  # the body never ends (until MAX_ENDLESS bytes)


MAX_ENDLESS = 1 << 30
OTHER_CODE = b"9909999999"


@dataclass(frozen=True, slots=True)
class Fault:
    """`kind` holds from day `first` to `last` (both included; None: open) for paths that begin with `path`.

    An empty path means everything, robots.txt and the home page too.
    """

    kind: Kind
    first: dt.date | None = None
    last: dt.date | None = None
    path: str = ""
    seconds: float = 5.0  # of SLOW
    kept: float = 0.6  # of TRUNCATED: the share of the body that is left; of SHRUNKEN: that of the list

    def holds(self, day: dt.date, path: str) -> bool:
        in_time = (self.first is None or self.first <= day) and (self.last is None or day <= self.last)
        return in_time and path.startswith(self.path)


def holding(faults: Sequence[Fault], day: dt.date, path: str) -> Fault | None:
    """The newest fault that holds."""
    return next((fault for fault in reversed(faults) if fault.holds(day, path)), None)


def site_under(fault: Fault, site: Site, day: dt.date) -> Site:
    """The site as its lists show it under a fault of the lists; any other fault leaves it as it is."""
    if fault.kind is Kind.EMPTIED:
        return replace(site, columns=tuple(replace(column, articles=()) for column in site.columns))
    if fault.kind is Kind.SHRUNKEN:
        return replace(site, columns=tuple(_oldest(column, day, fault.kept) for column in site.columns))
    return site


def _oldest(column: Column, day: dt.date, share: float) -> Column:
    listed = column.listed(day)
    return replace(column, articles=tuple(listed[len(listed) - int(len(listed) * share) :]))


def answer(fault: Fault, site: Site, host: str, page: Page) -> Page:
    """What goes out instead of `page`. Faults of the connection itself (SLOW, CUT …) leave the page as it is."""
    match fault.kind:
        case Kind.SERVER_ERROR:
            return _html(
                "<html><head><title>503</title></head><body>Service Unavailable（模拟故障）</body></html>", 503
            )
        case Kind.CHALLENGE_521:
            script = "document.cookie='__jsl_clearance_s=simulated';location.href=location.pathname"
            return _html(f"<script>{script}</script>", 521)
        case Kind.CHALLENGE_412:
            script = "$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.simulated=1;"
            return _html(
                f"<!DOCTYPE html><html><head><meta r='m' content='simulated'>"
                f"<script r='m'>{script}</script></head><body></body></html>",
                412,
            )
        case Kind.CAPTCHA:
            return _html(
                "<html><head><title>安全验证</title></head><body>请输入验证码（模拟）<input></body></html>", 200
            )
        case Kind.DENIED:
            return _html("<html><head><title>403 Forbidden</title></head><body>访问被拒绝（模拟）</body></html>", 403)
        case Kind.NOT_FOUND:
            return _html(frame.not_found(site, host), 404)
        case Kind.SOFT_404:
            return _html(frame.not_found(site, host), 200)
        case Kind.TO_HOME:
            return Page(b"", status=302, location="/")
        case Kind.TO_OTHER_HOST:
            return Page(b"", status=302, location="http://localhost:9/elsewhere/")
        case Kind.SHELL:
            return _html("<html><body><script>location.replace('./new/index.html')</script></body></html>", 200)
        case Kind.HIJACKED:
            text = "<h1>模拟的劫持页面</h1><p>这里曾经是一个政府网站（模拟）。真人荷官，体育投注，天天开奖。</p>"
            return _html(
                f"<html><head><title>某某娱乐城_足球彩票_体育投注</title></head><body>{text}</body></html>", 200
            )
        case Kind.OTHER_SITE:
            body = page.body.replace(site.site_id_code.encode(), OTHER_CODE)
            return replace(page, body=body)
        case Kind.TRUNCATED:
            return replace(page, body=page.body[: int(len(page.body) * fault.kept)])
        case Kind.LYING_CHARSET:
            text = page.body.decode("utf-8")
            return Page(text.encode("gb18030"), page.media_type, page.charset, page.changed_on, page.status)
        case _:
            return page


def _html(text: str, status: int) -> Page:
    return Page(text.encode(), status=status)
