"""Ways to damage a file. Touches nothing: bytes in, bytes out, the same for the same random source.

`crude` does anything to the bytes, so a printed digit may become another one: it shows crashes and hangs only.
`structural` takes away, doubles, moves or unwraps tags, spans and members, and never touches a digit that stands
in the text: a number that is read differently afterwards was read from the wrong place.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable

from lxml import etree

Damage = Callable[[bytes, random.Random], bytes]

_TAG = re.compile(r"<[^<>]*>")
_SPAN = re.compile(r"\s(?:row|col)span=[\"']?\w+[\"']?", re.I)
_INSERTED = (
    *("<td>", "</td>", "<tr>", "</tr>", "<table>", "</table>", "<tbody>", "</tbody>", "<p>", "</p>", "<div>", "</div>"),
    *("<b>", "</b>", "<font>", "<span>", "<br>", "<!-- -->", "<td hidden>", "<form>", "<caption>", "</html>", "<pre>"),
)
_MARKUP = ("html", "mht")
_XML = re.compile(r"\.(?:xml|rels)$")
_DIGIT = re.compile(r"\d")
_SPLIT = 256  # bytes: where chunks begin, at most so far apart


def is_container(data: bytes) -> bool:
    return data.startswith(b"PK\x03\x04")


def crude(data: bytes, chance: random.Random) -> bytes:
    if is_container(data) and chance.random() < 0.6:
        return _one_member(data, chance, _crude_bytes)
    return _crude_bytes(data, chance)


def structural(data: bytes, suffix: str, chance: random.Random) -> bytes | None:
    """None where nothing of the kind can be done to the format."""
    if suffix in _MARKUP:
        return _tags(data.decode("utf-8"), chance).encode()
    if not is_container(data):
        return None
    if chance.random() < 0.1:
        return _without_member(data, chance)
    return _one_member(data, chance, _elements)


def _crude_bytes(data: bytes, chance: random.Random) -> bytes:
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        if not found:
            break
        begin = chance.randrange(len(found))
        chunk = bytes(found[begin : begin + chance.randrange(1, _SPLIT)])
        way = chance.randrange(7)
        if way == 0:
            found[begin] ^= 1 << chance.randrange(8)
        elif way == 1:
            found[begin] = chance.randrange(256)
        elif way == 2:
            del found[begin : begin + len(chunk)]
        elif way == 3:
            found[begin:begin] = chunk * chance.choice((1, 2, 50))
        elif way == 4:
            other = chance.randrange(len(found))
            found[other : other + len(chunk)] = chunk
        elif way == 5:
            found[begin:begin] = chance.randbytes(chance.randrange(1, 64))
        elif chance.random() < 0.2:
            del found[begin:]
    return bytes(found)


def _tags(text: str, chance: random.Random) -> str:
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        places = [match.span() for match in _TAG.finditer(text)]
        if len(places) < 2:
            break
        number = chance.randrange(len(places) - 1)
        begin, end = places[number]
        way = chance.randrange(6)
        if way == 0:
            text = text[:begin] + text[end:]
        elif way == 1:
            text = text[:end] + text[begin:end] + text[end:]
        elif way == 2:
            text = text[:begin] + chance.choice(_INSERTED) + text[begin:]
        elif way == 3:  # two tags change places; what stands between them stays
            other, after = places[number + 1]
            text = text[:begin] + text[other:after] + text[end:other] + text[begin:end] + text[after:]
        elif way == 4:
            spans = list(_SPAN.finditer(text))
            if spans:
                span = chance.choice(spans)
                text = text[: span.start()] + text[span.end() :]
        else:
            text = text[:begin] + text[begin:end].upper() + text[end:]
    return text


def _elements(data: bytes, chance: random.Random) -> bytes:
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return data
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        inner = [element for element in root.iterdescendants() if isinstance(element.tag, str)]
        if not inner:
            break
        element = chance.choice(inner)
        parent = element.getparent()
        if parent is None:
            continue
        way = chance.randrange(4)
        says_digits = _DIGIT.search(str(etree.tostring(element, method="text", encoding="unicode"))) is not None
        if way == 0 and not says_digits:
            parent.remove(element)
        elif way == 1 and not says_digits:
            element.addnext(etree.fromstring(etree.tostring(element, with_tail=False)))
        elif way == 2 and not element.text:  # its children stand where it stood
            for child in reversed(element):
                element.addnext(child)
            parent.remove(element)
        elif way == 3 and element.attrib:
            name = chance.choice(sorted(map(str, element.attrib)))
            del element.attrib[name]
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def _packed(members: dict[str, bytes]) -> bytes:
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(zipfile.ZipInfo(name), content)
    return found.getvalue()


def _one_member(data: bytes, chance: random.Random, damage: Damage) -> bytes:
    """One member damaged, an XML one where there is any, the larger ones more often."""
    members = _members(data)
    names = [name for name in members if _XML.search(name)] or list(members)
    name = chance.choices(names, [len(members[name]) + 1 for name in names])[0]
    content = members[name]
    damaged = _one_member(content, chance, damage) if is_container(content) else damage(content, chance)
    return _packed(members | {name: damaged})


def _without_member(data: bytes, chance: random.Random) -> bytes:
    members = _members(data)
    members.pop(chance.choice(sorted(members)))
    return _packed(members)
