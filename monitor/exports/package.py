"""What goes with the tables: datapackage.json (Frictionless), LICENSE.txt, README.txt, SHA256SUMS. Touches the build's folder.

Resources with a schema are the plain CSV files; the other formats hold the same rows and are listed with size and hash.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from monitor.exports.folder import BuiltFile
from monitor.exports.formats.contract import File
from monitor.exports.model import Field, Kind, Table
from monitor.wording import LANGUAGES, say

PACKAGE, LICENCE, README, SUMS = "datapackage.json", "LICENSE.txt", "README.txt", "SHA256SUMS"
CC_BY = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
TYPES = {
    Kind.TEXT: "string",
    Kind.INTEGER: "integer",
    Kind.DECIMAL: "number",
    Kind.BOOLEAN: "boolean",
    Kind.DAY: "date",
    Kind.MOMENT: "datetime",
    Kind.JSON: "string",
}
_TEXT = "text/plain; charset=utf-8"


def measured(folder: Path, file: File) -> BuiltFile:
    """The file with its size and hash."""
    path = folder / file.name
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    return BuiltFile(
        file.name, file.format, file.media_type, path.stat().st_size, sha256, tuple(file.tables), file.rows
    )


def write_texts(folder: Path, made_at: str, public_url: str) -> list[File]:
    """The licence and the README, Chinese first."""
    values = {"made_at": made_at, "url": public_url}
    for name, key in ((LICENCE, "export_text.licence"), (README, "export_text.readme")):
        text = "\n\n".join(say(key, language, **values) for language in LANGUAGES)
        (folder / name).write_text(text + "\n", encoding="utf-8")
    return [File(name, "package", _TEXT) for name in (LICENCE, README)]


def write_package(
    folder: Path, name: str, made_at: str, public_url: str, tables: Mapping[str, Table], files: Iterable[BuiltFile]
) -> list[File]:
    """The description of everything, then the sums of everything."""
    files = list(files)
    package = {
        "profile": "data-package",
        "name": "gongkai",
        "title": say("export_text.title", "zh"),
        "description": f"{say('export_text.about', 'zh')}\n{say('export_text.about', 'en')}",
        "homepage": public_url,
        "version": name,
        "created": made_at,
        "licenses": [CC_BY],
        "sources": [{"title": say("export_text.sources", "zh")}, {"title": say("export_text.sources", "en")}],
        "contributors": [{"title": "公开 gongkai", "path": public_url, "role": "publisher"}],
        "resources": [_resource(file, tables) for file in files],
    }
    (folder / PACKAGE).write_text(json.dumps(package, ensure_ascii=False, indent=1), encoding="utf-8")
    described = File(PACKAGE, "package", "application/json")
    sums = [f"{file.sha256}  {file.name}" for file in (*files, measured(folder, described))]
    (folder / SUMS).write_text("\n".join(sorted(sums, key=lambda line: line[66:])) + "\n", encoding="utf-8")
    return [described, File(SUMS, "package", _TEXT)]


def _resource(file: BuiltFile, tables: Mapping[str, Table]) -> dict[str, Any]:
    shared: dict[str, Any] = {
        "path": file.name,
        "mediatype": file.media_type.partition(";")[0],
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "licenses": [CC_BY],
    }
    if file.format != "csv":
        name = file.name.lower().replace("_", "-")
        return {"name": f"file-{name}", "type": "file", "format": Path(file.name).suffix[1:].lower(), **shared}
    [table] = (tables[table] for table in file.tables)
    return {
        "name": table.name,
        "type": "table",
        "profile": "tabular-data-resource",
        "title": f"{table.zh} {table.en}",
        "description": f"{table.about_zh}\n{table.about_en}",
        "format": "csv",
        "encoding": "utf-8",
        "rows": file.rows,
        **shared,
        "schema": schema(table),
    }


def schema(table: Table) -> dict[str, Any]:
    """A Table Schema. An empty cell is nothing known; there is no other sign for it."""
    return {
        "fields": [_field(one) for one in table.fields],
        "missingValues": [""],
        "primaryKey": list(table.key),
        "foreignKeys": [
            {
                "fields": [one.field],
                "reference": {"resource": "" if one.table == table.name else one.table, "fields": [one.key]},
            }
            for one in table.references
        ],
    }


def _field(one: Field) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if one.required else {}
    if one.words:
        constraints["enum"] = [str(word) for word in one.words]
    described: dict[str, Any] = {
        "name": one.name,
        "type": TYPES[one.kind],
        "title": one.zh,
        "description": f"{one.zh} / {one.en}",
    }
    if one.kind is Kind.BOOLEAN:
        described |= {"trueValues": ["true"], "falseValues": ["false"]}
    return described | ({"constraints": constraints} if constraints else {})
