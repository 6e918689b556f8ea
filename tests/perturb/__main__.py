"""`python -m tests.perturb [--variants N] [--seed N] [--formats html,word,lines,docx …] [--only NAME] [--keep FOLDER]`

Prints for every perturbation: variants, cells right, open, wrong. Ends with 1 if a cell was read wrong, or if a
perturbation that declares itself exact left a cell open. Touches the folder that keeps such cases, nothing else.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from tests.perturb import PERTURBATIONS
from tests.perturb.measure import Count, Variant, measure, variants
from tests.perturb.write import DIRECT, WRITERS

_DEFAULT = 900


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.perturb", description=__doc__)
    parser.add_argument("--variants", type=int, default=_DEFAULT)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--formats", default=",".join(DIRECT), help=f"of {', '.join(WRITERS)}")
    parser.add_argument("--only", default="", choices=["", *(way.name for way in PERTURBATIONS)], metavar="NAME")
    parser.add_argument("--keep", type=Path, default=Path("var/perturb"), help="folder for the cases read wrong")
    options = parser.parse_args()
    names = options.formats.split(",")
    counts: dict[str, Count] = defaultdict(Count)
    unmet: dict[str, int] = defaultdict(int)
    console = Console()
    for old in options.keep.glob(f"{options.seed}-*"):
        old.unlink()
    found = variants(options.seed, options.variants, names, only=options.only)
    for variant in track(found, "reading …", total=options.variants, console=console, transient=True):
        count = measure(variant)
        counts[variant.damage[0].name].add(count)
        failed = variant.exact and bool(count.open)
        unmet[variant.damage[0].name] += failed
        if count.wrong or failed:
            keep(options.keep, options.seed, variant, count)
    total = Count()
    table = Table("perturbation", "variants", "right", "open", "wrong", "exact, yet open")
    for way in PERTURBATIONS:
        if way.name in counts:
            count = counts[way.name]
            total.add(count)
            _row(table, way.name, count, unmet[way.name])
    table.add_section()
    _row(table, "all", total, sum(unmet.values()))
    console.print(table)
    if total.wrong or sum(unmet.values()):
        console.print(f"cases kept in {options.keep}")
        return 1
    return 0


def _row(table: Table, name: str, count: Count, unmet: int) -> None:
    cells = (count.variants, count.right, count.open, len(count.wrong), unmet or "")
    table.add_row(name, *(f"{cell:,}" if isinstance(cell, int) else cell for cell in cells))


def keep(folder: Path, seed: int, variant: Variant, count: Count) -> None:
    """The document, and beside it what was read and what is printed."""
    folder.mkdir(parents=True, exist_ok=True)
    suffix = variant.format if variant.format not in ("word", "lines") else "txt"
    path = folder / f"{seed}-{variant.number}-{variant.damage[0].name}.{suffix}"
    path.write_bytes(variant.data)
    case = {
        "seed": seed,
        "number": variant.number,
        "format": variant.format,
        "template": variant.page.template.template,
        "damage": [way.name for way in variant.damage],
        "open": count.open,
        "wrong": count.wrong,
    }
    path.with_suffix(".json").write_text(json.dumps(case, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
