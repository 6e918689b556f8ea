"""The pack: every part in one zip file, whole or not at all. The same claim at the same moment gives the same bytes.

May touch: the store and the archive, for reading; a temporary folder; the file that it writes.
"""

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from config.errors import GongkaiError
from crawler.archive import Archive
from crawler.store.reads.evidence import Visited
from monitor.context import Context
from monitor.days import iso_moment
from monitor.evidence import chain, readings, verify, warc
from monitor.evidence.claim import Claim
from monitor.evidence.material import Material, material_of
from monitor.evidence.printing import as_pdf
from monitor.evidence.readme import readme
from monitor.evidence.summary import as_html, summary
from monitor.why.answer import as_json

EPOCH = (1980, 1, 1, 0, 0, 0)  # of every file in the zip; the moments that count stand inside
MODE = 0o644
STORED = (".gz", ".pdf", ".png")  # packed already
PICTURES = {"image/png": "png"}


class TooLarge(GongkaiError):
    """Raised by write_pack: more was captured than whoever asks wants in one pack."""


@dataclass(frozen=True, slots=True)
class Packed:
    """What was written. `unsealed`: rows of it that no link of the chain covers yet."""

    path: Path
    captures: int
    looks: int
    readings: int
    unsealed: int
    size: int


def write_pack(
    session: Session,
    context: Context,
    claim: Claim,
    path: Path,
    *,
    pdf: bool,
    screenshots: bool,
    force: bool = False,
    most_bytes: int | None = None,
) -> Packed:
    """Writes the pack of `claim` to `path`. Raises GongkaiError where the file is there already and not `force`,

    where it cannot be written, and where a part of the evidence is missing or damaged; TooLarge where what was captured is
    more than `most_bytes`.
    """
    if path.exists() and not force:
        raise GongkaiError(f"{path} is there already; --force replaces it")
    archive = Archive(context.settings.archive_dir)
    material = material_of(session, claim, screenshots=screenshots)
    bodies = {capture.sha256: capture.size or 0 for capture in material.captures if capture.sha256}
    if most_bytes is not None and sum(bodies.values()) > most_bytes:
        raise TooLarge(f"{claim.title}: {sum(bodies.values())} bytes were captured")
    links = chain.as_json(session, material)
    try:
        with tempfile.TemporaryDirectory(dir=path.resolve().parent, prefix=".gongkai-evidence-") as folder:
            root = Path(folder)
            with (root / "captures.warc.gz").open("wb") as stream:
                moment = warc.moment(claim.at)
                warc.write(stream, material, archive, software=_software(), name=claim.title, date=moment)
            for name, content in _files(context, claim, material, links, archive, pdf=pdf):
                (root / name).parent.mkdir(exist_ok=True)
                (root / name).write_bytes(content)
            size = _zip(root, path)
    except OSError as error:
        raise GongkaiError(f"{path}: cannot be written: {error.strerror or error}") from error
    counts = len(material.captures), len(material.looks), len(material.readings)
    return Packed(path, *counts, unsealed=len(links["unsealed"]), size=size)


def _files(
    context: Context,
    claim: Claim,
    material: Material,
    links: Mapping[str, Any],
    archive: Archive,
    *,
    pdf: bool,
) -> Iterator[tuple[str, bytes]]:
    """(name, content) of everything but the WARC and the sums."""
    missing = {}
    names = ["summary.html", "captures.warc.gz", "looks.json", "assessment.json"]
    html = as_html(summary(claim, material, links))
    yield "summary.html", html.encode()
    if pdf:
        names.insert(1, "summary.pdf")
        yield "summary.pdf", as_pdf(html, context.settings.chromium, claim.at)
    else:
        missing["pdf"] = " (--no-pdf)"
    yield "looks.json", _json({"looks": [_look(one, material) for one in material.looks], "list": _list(material)})
    yield "assessment.json", _json(claim.as_json())
    if claim.why is not None:
        names.append("why.json")
        yield "why.json", _json(as_json(claim.why))
    yield "chain.json", _json(links)
    yield "verify.py", Path(verify.__file__).read_bytes()
    found = list(readings.files(material.readings))
    if found:
        names.append("readings/")
        yield from found
    else:
        missing["readings"] = ""
    pictures = list(_pictures(material, archive))
    if pictures:
        names.append("screenshots/")
        yield from pictures
    names += ["chain.json", "SHA256SUMS", "verify.py"]
    yield "README.txt", readme(claim, names, missing).encode("utf-8-sig")


def _look(one: Visited, material: Material) -> dict[str, Any]:
    look, run = one.look, one.run
    return {
        "id": look.id,
        "run": run.id,
        "begun_at": iso_moment(run.started_at),
        "at": iso_moment(look.at),
        "portal": look.portal,
        "column": look.column,
        "url": look.url,
        "outcome": look.outcome,
        "reason": look.reason,
        "status": look.status,
        "entries": look.entries,
        "pages": look.pages,
        "simulated": run.simulated,
        "captures": material.list_pages.get(look.id, []),
    }


def _list(material: Material) -> list[dict[str, Any]]:
    """How the report stood in its list: when it appeared there, was changed, or left."""
    return [
        {
            "entry": change.entry_id,
            "look": change.look_id,
            "at": iso_moment(change.at),
            "kind": change.kind,
            "title": change.title,
            "list_date": change.list_date_raw,
        }
        for change in material.changes
    ]


def _pictures(material: Material, archive: Archive) -> Iterator[tuple[str, bytes]]:
    for capture in material.captures:
        if capture.kind == "screenshot" and capture.sha256 is not None and capture.media_type in PICTURES:
            yield f"screenshots/{capture.id}.{PICTURES[capture.media_type]}", archive.get(capture.sha256)


def _zip(root: Path, path: Path) -> int:
    """Puts the files of `root`, with their sums, into a zip that gets its name when it is whole; returns its size."""
    names = sorted(file.relative_to(root).as_posix() for file in root.rglob("*") if file.is_file())
    sums = "".join(f"{_sum(root / name)}  {name}\n" for name in names)
    (root / "SHA256SUMS").write_text(sums, encoding="utf-8", newline="\n")
    made = root / "pack"
    with zipfile.ZipFile(made, "w") as packed:
        for name in _in_order([*names, "SHA256SUMS"]):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = MODE << 16
            entry.create_system = 3  # Unix, wherever it is made
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(STORED) else zipfile.ZIP_DEFLATED
            with (root / name).open("rb") as source, packed.open(entry, "w", force_zip64=True) as target:
                while block := source.read(2**20):
                    target.write(block)
    with made.open("rb+") as stream:
        os.fsync(stream.fileno())
    made.chmod(MODE)
    made.replace(path)
    return path.stat().st_size


def _in_order(names: Sequence[str]) -> list[str]:
    """What a person opens first comes first."""
    first = ["README.txt", "summary.pdf", "summary.html", "SHA256SUMS", "verify.py"]
    return sorted(names, key=lambda name: (first.index(name) if name in first else len(first), name))


def _sum(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def _software() -> str:
    try:
        return f"gongkai/{metadata.version('gongkai-watch')}"
    except metadata.PackageNotFoundError:
        return "gongkai"
