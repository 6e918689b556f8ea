"""PDF files written by hand, object by object, for what no printing program makes on request.

Touches nothing. Chinese text is set in a font that is not embedded, with a code that is Unicode itself; figures
in Helvetica. Encryption is the old standard one (RC4, 40 bits), enough to be refused or opened.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_FILE_ID = b"0123456789abcdef"
_PERMISSIONS = -44

FONTS = (
    "/F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> "
    "/F2 << /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts "
    "[<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo "
    "<< /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /DW 1000 >>] >>"
)


def text(x: float, y: float, words: str, size: float = 10, more: str = "") -> str:
    """Words from a point on (PDF's own coordinates); `more`: operators before them, such as a render mode."""
    if words.isascii():
        return f"BT {more} /F1 {size} Tf {x} {y} Td ({words}) Tj ET\n"
    return f"BT {more} /F2 {size} Tf {x} {y} Td <{words.encode('utf-16-be').hex()}> Tj ET\n"


def line(x0: float, y0: float, x1: float, y1: float) -> str:
    return f"{x0} {y0} m {x1} {y1} l S\n"


def grid(xs: Sequence[float], ys: Sequence[float]) -> str:
    """All lines of a lattice, each in one stroke."""
    level = [line(xs[0], y, xs[-1], y) for y in ys]
    return "".join([*level, *(line(x, ys[0], x, ys[-1]) for x in xs)])


def document(
    contents: Sequence[str],
    *,
    page: str = "/MediaBox [0 0 595 842]",
    fonts: str = FONTS,
    objects: Sequence[str] = (),
    user: str | None = None,
) -> bytes:
    """A PDF with one page for each content stream.

    `page`: more entries of every page. `objects`: more objects, numbered from 100 on. `user`: the password without
    which the file does not open ("" opens for everyone, yet is encrypted).
    """
    key = _key(user) if user is not None else None
    bodies: dict[int, bytes] = {1: b"<< /Type /Catalog /Pages 2 0 R >>"}
    kids = " ".join(f"{3 + 2 * number} 0 R" for number in range(len(contents)))
    bodies[2] = f"<< /Type /Pages /Count {len(contents)} /Kids [{kids}] >>".encode()
    for number, content in enumerate(contents):
        own = 3 + 2 * number
        entries = f"/Type /Page /Parent 2 0 R /Resources << /Font << {fonts} >> /XObject << /X0 100 0 R >> >> {page}"
        bodies[own] = f"<< {entries} /Contents {own + 1} 0 R >>".encode()
        data = content.encode("latin-1")
        if key is not None:
            data = _rc4(hashlib.md5(key + (own + 1).to_bytes(3, "little") + b"\0\0").digest()[:10], data)
        bodies[own + 1] = f"<< /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"
    bodies.update({100 + number: body.encode("latin-1") for number, body in enumerate(objects)})
    trailer = f"/Root 1 0 R /ID [<{_FILE_ID.hex()}> <{_FILE_ID.hex()}>]"
    if user is not None and key is not None:
        bodies[90] = (
            f"<< /Filter /Standard /V 1 /R 2 /O <{_owner(user).hex()}> /U <{_rc4(key, _PADDING).hex()}> "
            f"/P {_PERMISSIONS} >>"
        ).encode()
        trailer += " /Encrypt 90 0 R"
    return _file(bodies, trailer)


def _file(bodies: dict[int, bytes], trailer: str) -> bytes:
    data = bytearray(b"%PDF-1.4\n")
    places = {}
    for number, body in sorted(bodies.items()):
        places[number] = len(data)
        data += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(data)
    data += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        data += f"{number} 1\n{place:010d} 00000 n \n".encode()
    data += f"trailer\n<< /Size {max(places) + 1} {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(data)


def _padded(password: str) -> bytes:
    return (password.encode("latin-1") + _PADDING)[:32]


def _owner(user: str) -> bytes:
    return _rc4(hashlib.md5(_padded("owner")).digest()[:5], _padded(user))


def _key(user: str) -> bytes:
    permissions = (_PERMISSIONS & 0xFFFFFFFF).to_bytes(4, "little")
    return hashlib.md5(_padded(user) + _owner(user) + permissions + _FILE_ID).digest()[:5]


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    swap = 0
    for place in range(256):
        swap = (swap + state[place] + key[place % len(key)]) % 256
        state[place], state[swap] = state[swap], state[place]
    found = bytearray()
    one = other = 0
    for sign in data:
        one = (one + 1) % 256
        other = (other + state[one]) % 256
        state[one], state[other] = state[other], state[one]
        found.append(sign ^ state[(state[one] + state[other]) % 256])
    return bytes(found)
