"""The fuzzer itself: its damage is the same for the same seed, spares digits where it says so, and is judged right."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from tests.fuzz.__main__ import Summary, one, originals
from tests.fuzz.damage import crude, is_container, structural
from tests.golden.renderers import RENDERERS

STRUCTURED = [name for name in RENDERERS if RENDERERS[name].SUFFIX in ("html", "docx", "xlsx")]


@pytest.mark.parametrize("name", RENDERERS)
def test_every_format_has_files_to_damage(name: str) -> None:
    for original in originals(name):
        once, again = (crude(original.data, random.Random(5)) for _ in range(2))
        assert once == again
        assert is_container(original.data) == original.data.startswith(b"PK")


def test_structural_damage_of_a_page_spares_its_digits() -> None:
    def digits(page: bytes) -> list[str]:
        return re.findall(r"\d", re.sub(r"<[^<>]*>", "", page.decode()))

    for original in originals("html"):
        damaged = [structural(original.data, "html", random.Random(seed)) for seed in range(100)]
        assert all(page is not None and digits(page) == digits(original.data) for page in damaged)
        assert sum(page != original.data for page in damaged) > 80


@pytest.mark.parametrize("name", STRUCTURED)
def test_structured_formats_are_damaged_in_their_structure(name: str) -> None:
    for original in originals(name):
        assert structural(original.data, original.suffix, random.Random(1)) is not None


def test_another_number_is_found_and_its_file_kept(tmp_path: Path) -> None:
    original = next(original for original in originals("html") if original.name == "html-2021")
    code, value = next((code, value) for code, value in original.facts.items() if len(value) == 5 and value.isdecimal())
    assert original.data.count(f">{value}<".encode()) == 1, code
    changed = original.data.replace(f">{value}<".encode(), f">{int(value) + 1}<".encode())
    summary = Summary()
    one(tmp_path / "same.html", original.data, original, summary)
    one(tmp_path / "changed.html", changed, original, summary)
    one(tmp_path / "refused.html", bytes(range(32)) * 20, original, summary)
    assert summary.counts == {"read": 2, "refused": 1, "different": 1}
    assert summary.facts["different"] == 1
    assert [path.name for path in tmp_path.iterdir()] == ["changed.html"]
