"""A portal of one TRS column, as a process of its own: `python -m benchmarks.portal [PAGES]`, by default 1000 of 60 KB.

May touch: one port of 127.0.0.1, which it prints; ends when its standard input is closed. The pages are made
beforehand and sent as they are, so that the server is not what is measured; each has an ETag, and who asks with
it gets a 304.
"""

import asyncio
import hashlib
import sys

PAGES = 1000
PER_LIST = 49  # entries of a list page
SIZE = 60 * 1024  # bytes
COLUMN = "/zwgk/nb/"
NAME = "政府信息公开年报"
ROBOTS = b"User-agent: *\nAllow: /\n"


def addresses(pages: int) -> list[str]:
    """The paths of all pages: the lists, then the entries."""
    lists = _lists(pages)
    return [f"{COLUMN}{_index(n)}" for n in range(lists)] + [f"{COLUMN}{_href(n)}" for n in range(pages - lists)]


def answers(pages: int) -> dict[bytes, tuple[bytes, bytes]]:
    """By path: the whole answer, and the ETag that it bears."""
    lists = _lists(pages)
    details = pages - lists
    found = {b"/robots.txt": _answer(ROBOTS, "text/plain")}
    for number in range(lists):
        part = range(number * PER_LIST, min((number + 1) * PER_LIST, details))
        found[f"{COLUMN}{_index(number)}".encode()] = _answer(_list_page(number, lists, part).encode())
    found[COLUMN.encode()] = found[f"{COLUMN}index.html".encode()]
    for number in range(details):
        found[f"{COLUMN}{_href(number)}".encode()] = _answer(_detail_page(number).encode())
    return found


def _lists(pages: int) -> int:
    return -(-pages // (PER_LIST + 1))


def _index(number: int) -> str:
    return "index.html" if number == 0 else f"index_{number}.html"


def _href(number: int) -> str:
    return f"202401/t20240118_{7000000 + number}.html"


def _title(number: int) -> str:
    return f"示例市第{number + 1}局2023年政府信息公开工作年度报告"


def _list_page(number: int, lists: int, part: range) -> str:
    lines = "\n".join(
        f'<li><a href="./{_href(n)}" title="{_title(n)}">{_title(n)}</a><span>2024-01-18</span></li>' for n in part
    )
    pager = f'<script>createPageHTML({lists}, {number}, "index", "html");</script>'
    head = f'<meta name="ColumnName" content="{NAME}">'
    return _padded(head, f'<div class="zfxxgk_zdgkc"><ul>{lines}</ul></div>{pager}')


def _detail_page(number: int) -> str:
    return _padded("", f"<h1>{_title(number)}</h1>")


def _padded(head: str, body: str) -> str:
    """A page of SIZE bytes: what stands in `body`, then paragraphs of invented text."""
    start = f'<html><head><meta charset="utf-8">{head}<title>示例市（虚构）</title></head><body>{body}'
    paragraph = "<p>本页为测量而生成，其中的机关和数字都是虚构的。</p>\n"
    end = "</body></html>"
    room = SIZE - len(start.encode()) - len(end)
    count, rest = divmod(room, len(paragraph.encode()))
    return start + paragraph * count + " " * rest + end


def _answer(body: bytes, media_type: str = "text/html; charset=utf-8") -> tuple[bytes, bytes]:
    tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nETag: {tag}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body, tag.encode()


class Connection(asyncio.Protocol):
    """Answers one request after the other on a kept connection."""

    def __init__(self, found: dict[bytes, tuple[bytes, bytes]]) -> None:
        self._found = found
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a stream is expected")
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            request, _, self._received = self._received.partition(b"\r\n\r\n")
            self._transport.write(self._answer(request))

    def _answer(self, request: bytes) -> bytes:
        known = self._found.get(request.split(b" ", 2)[1])
        if known is None:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        answer, tag = known
        if b"\r\nif-none-match: " + tag in request.replace(b"If-None-Match", b"if-none-match"):
            return b"HTTP/1.1 304 Not Modified\r\nETag: " + tag + b"\r\n\r\n"
        return answer


async def serve(pages: int) -> None:
    found = answers(pages)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(found), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]) if len(sys.argv) > 1 else PAGES))
