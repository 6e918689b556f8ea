"""The captures of a pack as WARC 1.1 (ISO 28500:2017), written with warcio; any WARC reader can replay them.

May touch: the archive, for reading; the file that it writes. The same captures give the same bytes.

    response   an answer with its body; its headers as they came, but for those that no longer fit the decoded body
    revisit    a 304: the portal said that nothing had changed (server-not-modified); refers to the response before
    resource   a page that Chromium built from an answer (X-Gongkai-Rendered), a screenshot, a body without its answer
    metadata   nothing was kept, or nothing came: the status and the reason
    request    what was sent, beside each of them (WARC-Concurrent-To); where nothing was sent there is none
"""

import datetime as dt
import hashlib
import io
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import BinaryIO, Final
from urllib.parse import urldefrag, urlsplit

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.archive import Archive
from crawler.rendered import rendered
from crawler.store.tables import Capture
from monitor.evidence.material import Material

CAPTURE: Final = "WARC-Gongkai-Capture"  # the number of the capture in chain.json; on the answer, not on the request
NOT_MODIFIED: Final = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
DECODED: Final = (
    "bodies are stored after transfer and content decoding: Content-Encoding and Transfer-Encoding are left out of the "
    "answers, and Content-Length is that of the body here"
)
_OF_THE_WIRE: Final = frozenset(("content-encoding", "transfer-encoding", "content-length"))
_NAMESPACE: Final = uuid.UUID(
    "6f1a3c1e-6a0b-5d5e-9a53-6e2f4d0c7b11"
)  # of our record ids, which follow from the content
Header = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Record:
    """One record before it is written. `block` is everything behind the WARC header."""

    type: str
    headers: tuple[Header, ...]
    media_type: str
    block: bytes


def write(stream: BinaryIO, material: Material, archive: Archive, *, software: str, name: str, date: str) -> None:
    """All captures of the material by number, each with its request. `date`: of the pack, in WARC's form.

    Raises ArchiveError when a body is missing from the archive or is damaged: a pack never holds other bytes.
    """
    writer = WARCWriter(stream, gzip=True, warc_version="WARC/1.1")
    for record in records(material, archive, software=software, name=name, date=date):
        _write(writer, record)


def records(material: Material, archive: Archive, *, software: str, name: str, date: str) -> Iterator[Record]:
    yield _warcinfo(software, name, date)
    for capture in material.captures:
        yield from _of_capture(capture, material.originals.get(capture.id), archive)


def moment(value: dt.datetime) -> str:
    """2024-02-05T12:00:00.000000Z: WARC 1.1 takes up to nine decimals."""
    return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _of_capture(capture: Capture, original: Capture | None, archive: Archive) -> Iterator[Record]:
    answer = _answer(capture, original, archive)
    yield answer
    if capture.request:
        yield _request(capture, _id(answer))


def _answer(capture: Capture, original: Capture | None, archive: Archive) -> Record:
    if capture.sha256 is None:
        said = [("status", str(capture.status or "")), ("outcome", capture.outcome), ("reason", capture.reason)]
        return _record(capture, "metadata", "application/warc-fields", _fields(said), ())
    if capture.not_modified and original is not None:
        refers = (
            ("WARC-Profile", NOT_MODIFIED),
            ("WARC-Refers-To", _record_id("response", original.id)),
            ("WARC-Refers-To-Target-URI", address(original)),
            ("WARC-Refers-To-Date", moment(original.fetched_at)),
            ("WARC-Payload-Digest", f"sha256:{capture.sha256}"),
        )
        own = capture.headers.get("not_modified", ())
        return _record(capture, "revisit", "application/http; msgtype=response", _http_head(304, own), refers)
    body = archive.get(capture.sha256)
    pairs = [(str(name), str(value)) for name, value in capture.headers.get("pairs", ())]
    digest = (("WARC-Payload-Digest", f"sha256:{capture.sha256}"),)
    if capture.not_modified or capture.kind == "screenshot" or rendered(pairs) is not None or capture.status is None:
        return _record(capture, "resource", capture.media_type or "application/octet-stream", body, digest)
    kept = [(name, value) for name, value in pairs if name.lower() not in _OF_THE_WIRE]
    head = _http_head(capture.status, [*kept, ("Content-Length", str(len(body)))])
    return _record(capture, "response", "application/http; msgtype=response", head + body, digest)


def _request(capture: Capture, answer_id: str) -> Record:
    asked = capture.request
    parts = urlsplit(address(capture))
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    body = str(asked.get("body", "")).encode()
    headers = [("Host", parts.netloc.rpartition("@")[2]), *((str(n), str(v)) for n, v in asked.get("headers", ()))]
    if body:
        headers.append(("Content-Length", str(len(body))))
    block = _head(f"{asked.get('method', 'GET')} {target} HTTP/1.1", headers) + body
    digest = hashlib.sha256(body).hexdigest()
    more = (("WARC-Concurrent-To", answer_id), ("WARC-Payload-Digest", f"sha256:{digest}"))
    return _record(capture, "request", "application/http; msgtype=request", block, more, numbered=False)


def _warcinfo(software: str, name: str, date: str) -> Record:
    said = [
        ("software", software),
        ("format", "WARC File Format 1.1"),
        ("conformsTo", "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"),
        ("description", DECODED),
        (
            "note",
            "Host and Content-Length of the requests are made of the address and the body, as the HTTP library does",
        ),
    ]
    headers = (
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", _record_id("warcinfo", name)),
        ("WARC-Date", date),
        ("WARC-Filename", "captures.warc.gz"),
    )
    return Record("warcinfo", headers, "application/warc-fields", _fields(said))


def _record(
    capture: Capture, type_: str, media_type: str, block: bytes, more: Sequence[Header], *, numbered: bool = True
) -> Record:
    headers = [
        ("WARC-Type", type_),
        ("WARC-Record-ID", _record_id(type_, capture.id)),
        ("WARC-Date", moment(capture.fetched_at)),
        ("WARC-Target-URI", address(capture)),
        *more,
    ]
    if numbered:
        headers.append((CAPTURE, str(capture.id)))
    return Record(type_, tuple((name, _line(value)) for name, value in headers), _line(media_type), block)


def address(capture: Capture) -> str:
    """The address that answered, without the mark of a posted form (spiders.lists.listing.Step.key).

    A picture keeps its mark: at the page's own address a reader would show it instead of the page.
    """
    if capture.kind == "screenshot":
        return capture.url
    return urldefrag(capture.final_url or capture.url).url


def _id(record: Record) -> str:
    return dict(record.headers)["WARC-Record-ID"]


def _record_id(type_: str, of: int | str) -> str:
    return f"<urn:uuid:{uuid.uuid5(_NAMESPACE, f'{type_} {of}')}>"


def _http_head(status: int, headers: Sequence[Sequence[str]]) -> bytes:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    return _head(f"HTTP/1.1 {status} {phrase}", [(str(name), str(value)) for name, value in headers])


def _head(first: str, headers: Sequence[Header]) -> bytes:
    lines = [first, *(f"{name}: {value}" for name, value in headers)]
    return ("\r\n".join(_line(line) for line in lines) + "\r\n\r\n").encode("latin-1", "replace")


def _fields(said: Sequence[Header]) -> bytes:
    return "".join(f"{name}: {_line(value)}\r\n" for name, value in said).encode()


def _line(text: str) -> str:
    """No line of a header may begin another one."""
    return text.replace("\r", " ").replace("\n", " ")


def _write(writer: WARCWriter, record: Record) -> None:
    digest = ("WARC-Block-Digest", f"sha256:{hashlib.sha256(record.block).hexdigest()}")
    headers = StatusAndHeaders("", [*record.headers, digest], protocol="WARC/1.1")
    length = len(record.block)
    # By this type warcio takes headers and block as they are; the type that counts stands in the headers.
    made = ArcWarcRecord("warc", "warcinfo", headers, io.BytesIO(record.block), None, record.media_type, length)
    made.payload_length = length
    writer.write_record(made)
