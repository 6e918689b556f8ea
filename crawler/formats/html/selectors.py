"""The rules of a page's <style> elements that hide: a small part of CSS selectors. Touches nothing.

Judged with certainty: tags, classes, ids, attributes that are there, lists of these, and one inside of another,
on a screen without conditions. Of every other selector that part is taken which can be judged, as uncertain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from crawler.errors import ReadError
from crawler.formats.html.markup import Element

MAX_RULES = 10_000
MAX_STEPS = 1_000_000  # comparisons of an element with a part of a selector; real pages need some thousands


@dataclass(frozen=True, slots=True)
class _Compound:
    """tag.class#id[attribute], as far as it is said. `exact`: False where the selector asked for more than this."""

    tag: str
    ids: frozenset[str]
    classes: frozenset[str]
    named: frozenset[str]  # attributes that are there
    exact: bool = True

    def fits(self, element: Element) -> bool:
        if self.tag and self.tag != element.tag:
            return False
        attributes = element.attributes
        if self.ids and not self.ids <= {attributes.get("id", "").strip()}:
            return False
        if not self.named <= attributes.keys():
            return False
        return not self.classes or self.classes <= set(attributes.get("class", "").split())


@dataclass(frozen=True, slots=True)
class _Rule:
    """One selector with what it says of `about` (display or visibility). `parts` from the element outwards."""

    parts: tuple[_Compound, ...]
    about: str
    hides: bool
    certain: bool
    weight: tuple[bool, int, int, int, int]  # important, ids, classes, tags, order


@dataclass(frozen=True, slots=True)
class Verdict:
    """`hidden`: None is perhaps."""

    hidden: bool | None = False
    important: bool = False


Chain: TypeAlias = "tuple[Element, Chain] | None"  # the elements around one, from the innermost outwards
_ABOUT = ("display", "visibility")
_HIDES = re.compile(r"none|hidden|collapse", re.I)


@dataclass
class Styles:
    """The rules of a page's <style> elements, by the last part of their selectors."""

    rules: dict[str, list[_Rule]] = field(default_factory=dict)
    _steps: int = 0

    @classmethod
    def of(cls, sheets: Iterable[tuple[str, str]]) -> Styles:
        """`sheets`: (media, text) of every <style> element. Sheets that hide nothing have no rules."""
        styles = cls()
        count = 0
        known = [(_applies(media), text) for media, text in sheets]
        if not any(_HIDES.search(text) for _, text in known):
            return styles
        for applies, text in known:
            if applies is None:
                continue
            for rule in _rules(text, certain=applies, order=count):
                count += 1
                if count > MAX_RULES:
                    raise ReadError(f"网页的样式规则超过 {MAX_RULES} 条。 / More than {MAX_RULES} style rules.")
                styles.rules.setdefault(_key(rule.parts[0]), []).append(rule)
        return styles

    def judge(self, element: Element, ancestors: Chain) -> dict[str, Verdict]:
        """What the rules say of display and visibility, where they say anything."""
        keys = ["*", element.tag]
        keys += ["." + name for name in element.attributes.get("class", "").split()]
        if "id" in element.attributes:
            keys.append("#" + element.attributes["id"].strip())
        candidates = [rule for key in keys for rule in self.rules.get(key, ())]
        self._count(len(candidates))
        found = [rule for rule in candidates if self._fits(rule, element, ancestors)]
        return {about: _verdict([rule for rule in found if rule.about == about]) for about in _ABOUT} if found else {}

    def _fits(self, rule: _Rule, element: Element, ancestors: Chain) -> bool:
        if not rule.parts[0].fits(element):
            return False
        for part in rule.parts[1:]:
            while True:
                self._count(1)
                if ancestors is None:
                    return False
                outer, ancestors = ancestors
                if part.fits(outer):
                    break
        return True

    def _count(self, steps: int) -> None:
        self._steps += steps
        if self._steps > MAX_STEPS:
            raise ReadError("网页的样式规则过于复杂，不像一份报告。 / The style rules are too complex.")


def _verdict(rules: list[_Rule]) -> Verdict:
    certain = max((rule for rule in rules if rule.certain), key=lambda rule: rule.weight, default=None)
    hidden = certain is not None and certain.hides
    least = certain.weight if certain is not None else (False, 0, 0, 0, -1)
    if any(rule.hides is not hidden and rule.weight > least for rule in rules if not rule.certain):
        return Verdict(None)
    return Verdict(hidden, important=certain is not None and certain.weight[0])


_SELECTOR = re.compile(r"(?P<tag>[a-z][a-z0-9]*|\*)?(?P<rest>(?:[.#][\w-]+|\[[\w-]+\])*)(?P<more>.*)", re.S)
_NO_ELEMENT = re.compile(r"::|:(?:before|after|first-line|first-letter)\b")
_COMBINATORS = re.compile(r"\s*([>+~])\s*|\s+")


def _applies(media: str) -> bool | None:
    """Whether rules for these media count on a screen; True: surely, False: perhaps, None: never."""
    words = media.strip().lower()
    if words in ("", "all", "screen", "only screen", "screen, print", "all, print"):
        return True
    if re.fullmatch(r"(?:print|speech|aural|tty|braille)(?:\s*,\s*(?:print|speech|aural))*", words):
        return None
    return False


def _rules(text: str, *, certain: bool, order: int) -> Iterator[_Rule]:
    """The rules that speak of display or visibility, also those inside of @media."""
    plain = re.sub(r"/\*.*?(?:\*/|\Z)|<!--|-->", " ", text, flags=re.S)
    plain = re.sub(r"\"[^\"\n]*\"|'[^'\n]*'", '""', plain)
    conditions: list[bool | None] = [certain]
    prelude = 0
    for match in re.finditer(r"[{};]", plain):
        words = plain[prelude : match.start()].strip()
        if match[0] == "{" and words.startswith("@"):
            kind, _, rest = words.partition(" ")
            own = _applies(rest) if kind.lower() == "@media" else False
            nested = kind.lower() in ("@media", "@supports", "@layer", "@container", "@scope")
            outer = conditions[-1]
            conditions.append(None if outer is None or own is None or not nested else outer and own)
        elif match[0] == "{":
            end = plain.find("}", match.end())
            body = plain[match.end() : end if end >= 0 else len(plain)]
            if conditions[-1] is not None:
                yield from _selected(words, body, bool(conditions[-1]), order)
                order += 1
            conditions.append(None)  # declarations, and rules nested in them, which are not read
        elif match[0] == "}" and len(conditions) > 1:
            conditions.pop()
        prelude = match.end()


def declarations(text: str) -> dict[str, tuple[str, bool]]:
    """Property → (value, whether it is !important); the last one counts, an important one before others."""
    said: dict[str, tuple[str, bool]] = {}
    for declaration in text.split(";"):
        name, colon, value = declaration.partition(":")
        if not colon:
            continue
        value, mark, word = value.partition("!")
        important = bool(mark) and word.strip() == "important"
        name = name.strip()
        if important or not said.get(name, ("", False))[1]:
            said[name] = (value.strip(), important)
    return said


def _selected(selectors: str, body: str, certain: bool, order: int) -> Iterator[_Rule]:
    said = {name: value for name, value in declarations(body.lower()).items() if name in _ABOUT}
    for selector in selectors.split(",") if said else ():
        parts = _compounds(selector.strip())
        if not parts:
            continue
        counts = (sum(len(part.ids) for part in parts), sum(len(part.classes | part.named) for part in parts))
        for about, (value, important) in said.items():
            hides = value in ("none", "hidden", "collapse")
            weight = (important, *counts, sum(part.tag != "" for part in parts), order)
            yield _Rule(parts, about, hides, certain and all(part.exact for part in parts), weight)


def _compounds(selector: str) -> tuple[_Compound, ...]:
    """From the element outwards; () for what is no element, or any. "a > b" is taken for "a b", as not exact."""
    if _NO_ELEMENT.search(selector):
        return ()
    found: list[_Compound] = []
    exact = True
    begin = 0
    for match in [*_COMBINATORS.finditer(selector), None]:
        words = selector[begin : match.start()] if match else selector[begin:]
        part = _SELECTOR.match(words)
        if part is not None and words:
            names = re.findall(r"([.#\[])([\w-]+)", part["rest"])
            ids, classes, named = (frozenset(name for sign, name in names if sign == kind) for kind in "#.[")
            tag = "" if part["tag"] in (None, "*") else part["tag"].lower()
            found.append(_Compound(tag, ids, classes, named, exact and not part["more"]))
        if match is None:
            break
        exact = match[1] is None
        if match[1] in ("+", "~") and found:
            found.pop()  # the element before is no ancestor
        begin = match.end()
    said = found and (found[-1].tag or found[-1].ids or found[-1].classes or found[-1].named)
    return tuple(reversed(found)) if said else ()


def _key(part: _Compound) -> str:
    if part.ids:
        return "#" + min(part.ids)
    if part.classes:
        return "." + min(part.classes)
    return part.tag or "*"
