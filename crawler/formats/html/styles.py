"""What styles hide on a page, strike out or break apart: judged on the tree of crawler.formats.html.markup. Touches
nothing else.

Hidden is what surely is: by `hidden`, by a style attribute, or by a rule of a <style> element of the page whose
selector is made of tags, classes and ids (also lists and descendants). `aria-hidden` hides from a screen reader
only. What a rule with any other selector or under a condition may hide is kept and marked `doubtful`.

Known limits: style sheets of their own address and scripts are not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from crawler.formats.html.markup import PLAIN, Element, Look, Page
from crawler.formats.html.selectors import Chain, Styles, Verdict, declarations

# Only block boxes obey height and overflow; a cell's height is its least height.
_BOXES = frozenset(("div", "p", "section", "article", "ul", "ol", "li", "dl", "form", "fieldset", "center", "pre"))
_OWN_WAYS = frozenset(("dialog", "input", "font"))  # hidden or shown without a style
_INLINE_DISPLAYS = frozenset(("", "inline", "contents", "initial", "inherit", "unset", "revert"))
# Values without which a style attribute neither hides nor marks nor breaks anything.
_NOTABLE = re.compile(
    r"none|hidden|collapse|opacity|-\d{3}|:\s*0|line-through|super|\bsub|float|absolute|fixed|display"
)
_FAR = 999  # pixels; text moved so far to the left or up is on no screen
_LENGTH = re.compile(r"([+-]?\d*\.?\d+)\s*(px|pt|em|rem|ex|cm|mm|in|pc|%)?")
_PIXELS = {"em": 16, "rem": 16, "pt": 1.33, "cm": 37.8, "mm": 3.78, "in": 96, "pc": 16, "ex": 8}
_CLIPPED = re.compile(r"rect\(\s*(?:0|1px)\D+(?:0|1px)\D+(?:0|1px)\D+(?:0|1px)\D*\)|inset\(\s*(?:50|100)%")

# Properties that descendants inherit and may take back.
_NO_INK, _NO_SIZE, _INDENTED = 1, 2, 4


@dataclass(frozen=True, slots=True)
class _Effects:
    """What one style attribute says. None or "": nothing."""

    display: str = ""
    important: bool = False  # of `display`
    gone: bool = False  # with all its descendants
    no_height: bool = False  # gone if it is a box
    visible: bool | None = None
    sized: bool | None = None
    straight: bool | None = None  # not moved out of sight by its indentation
    look: Look = PLAIN


_NOTHING = _Effects()
_UNSAID = Verdict()


def drop_hidden(page: Page) -> list[Element]:
    """Takes what is hidden out of the tree, of `tables` and `links`, and sets the marks of the rest.

    Returns the elements taken out, in no order.
    """
    styles = Styles.of(page.styles)
    ruled = bool(styles.rules)
    gone: list[Element] = []
    stack: list[tuple[Element, int, bool, Chain]] = [(page.root, 0, False, None)]
    while stack:
        parent, inherited, doubtful, chain = stack.pop()
        dropped = len(gone)
        for child in parent.children:
            if isinstance(child, str):
                continue
            state, unsure = inherited, doubtful
            if child.attributes or ruled:
                effects = _effects_of(child.attributes, inherited)
                if (
                    effects is _NOTHING
                    and not ruled
                    and child.tag not in _OWN_WAYS
                    and "hidden" not in child.attributes
                ):
                    if child.children:
                        stack.append((child, inherited, doubtful, None))
                    continue
                verdicts = styles.judge(child, chain) if ruled else {}
                shown = verdicts.get("display", _UNSAID)
                if _is_gone(child, effects, shown):
                    gone.append(child)
                    continue
                inked = verdicts.get("visibility", _UNSAID)
                unsure = doubtful or (shown.hidden is None and not effects.display) or inked.hidden is None
                state = _inherited(inherited, effects, inked)
                if child.tag == "font" and "size" in child.attributes:
                    state &= ~_NO_SIZE
                child.look = effects.look
            if unsure:
                child.look = replace(child.look, doubtful=True)
            inner = child.children
            if inner and (state or len(inner) > 1 or not isinstance(inner[0], str)):
                stack.append((child, state, unsure, (child, chain) if ruled else None))
        if inherited or len(gone) > dropped:
            out = frozenset(gone[dropped:])
            parent.children = [
                child for child in parent.children if (not inherited if isinstance(child, str) else child not in out)
            ]
    if gone:
        within = frozenset(_within(gone))
        page.tables = [table for table in page.tables if table not in within]
        page.links = [link for link in page.links if link not in within]
    return gone


def _within(elements: Iterable[Element]) -> Iterator[Element]:
    """All elements of these trees."""
    stack = list(elements)
    while stack:
        element = stack.pop()
        yield element
        stack.extend(child for child in element.children if isinstance(child, Element))


def _is_gone(element: Element, effects: _Effects, rule: Verdict) -> bool:
    """Whether nothing of the element is shown. A style attribute goes before rules that are not !important."""
    if effects.gone or (effects.no_height and (element.tag in _BOXES or effects.display == "block")):
        return True
    if rule.hidden and rule.important and not effects.important:
        return True
    if effects.display:
        return effects.display == "none"
    attributes = element.attributes
    return (
        rule.hidden is True
        or "hidden" in attributes
        or (element.tag == "dialog" and "open" not in attributes)
        or (element.tag == "input" and attributes.get("type", "").lower() == "hidden")
    )


def _inherited(state: int, effects: _Effects, rule: Verdict) -> int:
    visible = effects.visible if effects.visible is not None or rule.hidden is not True else False
    for flag, shown in ((_NO_INK, visible), (_NO_SIZE, effects.sized), (_INDENTED, effects.straight)):
        if shown is not None:
            state = state & ~flag if shown else state | flag
    return state


def _effects_of(attributes: Mapping[str, str], inherited: int) -> _Effects:
    style = attributes.get("style")
    return _effects(style, inherited != 0) if style else _NOTHING


@lru_cache(maxsize=2048)  # editors write the same style into every cell
def _effects(style: str, taken_back: bool) -> _Effects:
    """`taken_back`: also what only takes back what an outer element has hidden."""
    style = style.lower()
    if not taken_back and not _NOTABLE.search(style):
        return _NOTHING
    said = declarations(style)
    display, important = said.get("display", ("", False))
    visibility = said.get("visibility", ("", False))[0]
    position = said.get("position", ("", False))[0]
    taken_out = position in ("absolute", "fixed")
    far = any(_pixels(said.get(side, ("", False))[0]) <= -_FAR for side in ("left", "top"))
    clipped = _CLIPPED.match(said.get("clip", ("", False))[0] or said.get("clip-path", ("", False))[0])
    hides_overflow = any(said.get(name, ("", False))[0] in ("hidden", "clip") for name in ("overflow", "overflow-y"))
    no_height = any(_is_nought(said.get(name, ("", False))[0]) for name in ("height", "max-height"))
    size = said.get("font-size", ("", False))[0]
    indent = said.get("text-indent", ("", False))[0]
    raised = said.get("vertical-align", ("", False))[0]
    struck = any(
        "line-through" in said.get(name, ("", False))[0] for name in ("text-decoration", "text-decoration-line")
    )
    floats = said.get("float", ("", False))[0] in ("left", "right")
    return _Effects(
        display=display,
        important=important,
        gone=_is_nought(said.get("opacity", ("", False))[0]) or (taken_out and (far or clipped is not None)),
        no_height=no_height and hides_overflow,
        visible=None if not visibility else visibility not in ("hidden", "collapse"),
        sized=None if not size else not _is_nought(size),
        straight=None if not indent else _pixels(indent) > -_FAR,
        look=_look(
            "~" if struck else {"super": "^", "sub": "_"}.get(raised, ""),
            taken_out or floats or (display not in _INLINE_DISPLAYS and display != "none"),
        ),
    )


def _look(mark: str, breaks: bool) -> Look:
    return Look(mark, breaks) if mark or breaks else PLAIN


def _pixels(value: str) -> float:
    match = _LENGTH.fullmatch(value)
    return float(match[1]) * _PIXELS.get(match[2] or "px", 1) if match else 0.0


def _is_nought(value: str) -> bool:
    match = _LENGTH.fullmatch(value)
    return match is not None and float(match[1]) == 0
