"""Damage to labels: lines, spaces, variants, typos. Each function says what it does to a page."""

from __future__ import annotations

import random

from crawler.reports.labels import normalise
from tests.perturb.page import Page, Spot
from tests.perturb.registry import EVERY, HTML, NotHere, Perturbation


def labels(page: Page) -> list[Spot]:
    found = [spot for sheet in page.sheets() for spot in sheet.spots() if spot.text and not spot.code]
    if not found:
        raise NotHere
    return found


def labels_wrapped(page: Page, chance: random.Random) -> None:
    for spot in labels(page):
        if len(spot.text) > 3 and chance.random() < 0.6 and "\n" not in spot.text:
            at = chance.randrange(2, len(spot.text))
            spot.text = f"{spot.text[:at]}\n{spot.text[at:]}"


def letters_spaced(page: Page, chance: random.Random) -> None:
    for spot in labels(page):
        if len(spot.text) < 5 and "\n" not in spot.text:
            spot.text = chance.choice((" ", "　", "  ")).join(spot.text)


def signs_changed(page: Page, chance: random.Random) -> None:
    """Half width for full width, other quotes and commas, other numbering."""
    for spot in labels(page):
        for old, new in (("（", "("), ("）", ")"), ("“", '"'), ("”", '"'), ("，", ","), ("、", "，"), ("：", ":")):
            if chance.random() < 0.5:
                spot.text = spot.text.replace(old, new)
        if spot.text[:2].rstrip(".").isdecimal() and chance.random() < 0.5:
            spot.text = spot.text.replace(".", chance.choice(("、", "．", ". ")), 1)


def printed_variants(page: Page, chance: random.Random) -> None:
    """Every label as one of its known variants."""
    known: dict[str, frozenset[str]] = {}  # what a text may be changed to wherever it stands
    for block in page.template.blocks:
        paths = [row.path for row in block.rows] + [column.path for column in block.columns]
        for label in (label for path in paths for label in path):
            known[label.name] = known.get(label.name, label.names) & label.names
    for spot in labels(page):
        names = known.get(normalise(spot.text))
        if names and "单位" not in spot.text:
            spot.text = chance.choice(sorted(names))


def unknown_typo(page: Page, chance: random.Random) -> None:
    """A letter lost, doubled or replaced, in one label."""
    long = [spot for spot in labels(page) if len(normalise(spot.text)) > 2]
    if not long:
        raise NotHere
    spot = chance.choice(long)
    letters = [place for place, sign in enumerate(spot.text) if "\u4e00" <= sign <= "\u9fff"]
    at = chance.choice(letters)
    spot.text = spot.text[:at] + chance.choice(("", spot.text[at] * 2, "某", "甲")) + spot.text[at + 1 :]


def numbering_lost(page: Page, chance: random.Random) -> None:
    for spot in labels(page):
        if chance.random() < 0.7 and spot.text[:1] != "第":
            spot.text = spot.text.removeprefix("一、").removeprefix("二、").removeprefix("（一）").removeprefix("1.")


WORDING = (
    Perturbation("labels_wrapped", labels_wrapped, EVERY, EVERY),
    Perturbation("letters_spaced", letters_spaced, EVERY, EVERY),
    Perturbation("signs_changed", signs_changed, EVERY, EVERY),
    Perturbation("printed_variants", printed_variants, EVERY, HTML),
    Perturbation("unknown_typo", unknown_typo),
    Perturbation("numbering_lost", numbering_lost, EVERY, EVERY),
)
