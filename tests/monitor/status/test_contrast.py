"""The colours of the page keep the contrast that WCAG 2.2 asks for (AA, 1.4.3: 4.5 to 1), in both schemes."""

import re

import pytest

from monitor.model import State
from monitor.status.site import STATIC

LEAST = 4.5
SCHEMES = ("light", "dark")
STATES = [state.value for state in State]
PAIRS = [
    *((text, ground) for text in ("ink", "soft", "accent") for ground in ("paper", "sheet", "sunken")),
    *((state, ground) for state in STATES for ground in ("paper", "sheet")),
    *((state, f"{state}-tint") for state in STATES if state != "not_due"),
    ("ink", "late-tint"),
    ("ink", "due_soon-tint"),
    ("sheet", "accent"),  # buttons
    ("paper", "ink"),  # the read-out
]


def colours(scheme: str) -> dict[str, str]:
    """The custom properties of page.css; the dark scheme overrides the light one."""
    css = (STATIC / "page.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", css, re.S)[: SCHEMES.index(scheme) + 1]
    return {name: value for block in blocks for name, value in re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)}


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_contrast(scheme: str, text: str, ground: str) -> None:
    found = colours(scheme)
    darker, lighter = sorted((luminance(found[text]), luminance(found[ground])))
    assert (lighter + 0.05) / (darker + 0.05) >= LEAST


def test_the_measure_itself() -> None:
    assert luminance("#ffffff") == pytest.approx(1)
    assert luminance("#000000") == 0
