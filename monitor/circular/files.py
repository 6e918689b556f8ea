"""Both files of a circular, written whole or not at all. Touches the folder it is given."""

import tempfile
from collections.abc import Collection
from pathlib import Path

from config.errors import GongkaiError
from monitor.circular import draft
from monitor.circular.letter import letter
from monitor.circular.model import Asked, Circular
from monitor.circular.worksheet import write

FORMATS = ("docx", "xlsx")


def paths(folder: Path, asked: Asked, formats: Collection[str]) -> dict[str, Path]:
    """Where the files will stand, by format."""
    name = f"circular-{asked.region}-{asked.year}-{asked.at:%Y%m%d}"
    return {kind: folder / f"{name}.{kind}" for kind in FORMATS if kind in formats}


def refuse_existing(found: Collection[Path]) -> None:
    """Raises GongkaiError if one of them is there: somebody may have worked in it."""
    for path in found:
        if path.exists():
            raise GongkaiError(f"{path} exists; move it away, or overwrite it with --force")


def save(circular: Circular, targets: dict[str, Path]) -> None:
    """Writes all of them beside their places first, and moves them there when all are whole. Raises GongkaiError."""
    folder = next(iter(targets.values())).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".circular-", dir=folder) as name:
            made = {Path(name) / path.name: path for path in targets.values()}
            for draft_path in made:
                _write(circular, draft_path)
            for draft_path, path in made.items():
                draft_path.replace(path)
    except OSError as error:
        raise GongkaiError(f"{folder}: cannot be written: {error}") from error


def _write(circular: Circular, path: Path) -> None:
    with path.open("wb") as stream:
        if path.suffix == ".docx":
            stream.write(letter(draft.title(circular), draft.blocks(circular), circular.asked.at))
        else:
            write(circular, stream)
