"""Checks an evidence pack of gongkai: python3 verify.py [PACK.zip or its unpacked folder].

检查证据包：逐个文件核对 SHA256SUMS，重算散列链，核对 WARC 中每份正文的摘要。只用 Python 标准库，不联网。

Touches nothing but the pack, and needs nothing but Python 3.8 or newer. It checks that every file is the one that
SHA256SUMS names, that no file is missing and none is added; that every link of chain.json is the hash of what it says
and that the way leads to the head; that every body in captures.warc.gz has the digest that its header, and the capture
in chain.json, give. Prints OK, or the first thing that is wrong; exit code 0 or 1.

What it cannot check: that the head in chain.json is the one that was published at the time. Compare it with a copy that
somebody else kept:  python3 verify.py --head HASH …
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import sys
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

SUMS = "SHA256SUMS"
GENESIS = "0" * 64
LARGEST = 4 * 2**30  # bytes that one file of a pack may unpack to


class Wrong(Exception):
    """The first thing that is wrong, in words."""


class Pack:
    """The files of a pack, of a zip file or of a folder."""

    def __init__(self, path: Path) -> None:
        self._files: Path | zipfile.ZipFile = path
        if not path.is_dir():
            try:
                self._files = zipfile.ZipFile(path)
            except (OSError, zipfile.BadZipFile) as error:
                raise Wrong(f"{path}: cannot be opened as a zip file: {error}") from error

    def close(self) -> None:
        if isinstance(self._files, zipfile.ZipFile):
            self._files.close()

    def names(self) -> list[str]:
        if isinstance(self._files, zipfile.ZipFile):
            names = self._files.namelist()
            if len(names) != len(set(names)):
                raise Wrong("a name stands in the zip file twice")
            return sorted(names)
        folder = self._files
        return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())

    def read(self, name: str) -> bytes:
        try:
            if not isinstance(self._files, zipfile.ZipFile):
                return (self._files / name).read_bytes()
            if self._files.getinfo(name).file_size > LARGEST:
                raise Wrong(f"{name}: larger than {LARGEST} bytes")
            return self._files.read(name)
        except KeyError:
            raise Wrong(f"{name}: missing") from None
        except (OSError, zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise Wrong(f"{name}: damaged or missing ({error})") from error


def check(path: Path, head: str = "") -> list[str]:
    """What was checked, in words. Raises Wrong with the first thing that is wrong."""
    pack = Pack(path)
    try:
        files = check_sums(pack)
        links = check_chain(_json(pack, "chain.json"), head)
        bodies = check_warc(pack.read("captures.warc.gz"), _json(pack, "chain.json"))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Wrong(f"the pack is not in the form of a pack: {type(error).__name__}: {error}") from error
    finally:
        pack.close()
    return [files, links, bodies]


def check_sums(pack: Pack) -> str:
    """Every file has the SHA-256 that SHA256SUMS names, and there is no other."""
    expected: dict[str, str] = {}
    for line in pack.read(SUMS).decode("utf-8").splitlines():
        digest, _, name = line.partition("  ")
        if len(digest) != 64 or not name:
            raise Wrong(f"{SUMS}: not understood: {line!r}")
        expected[name] = digest
    for name in pack.names():
        if name != SUMS and name not in expected and not name.startswith("__pycache__/"):
            raise Wrong(f"{name}: not in {SUMS}")
    for name, digest in expected.items():
        found = hashlib.sha256(pack.read(name)).hexdigest()
        if found != digest:
            raise Wrong(f"{name}: altered: its SHA-256 is {found}, {SUMS} says {digest}")
    return f"{len(expected)} files have the sums of {SUMS}"


def canonical(value: Any) -> bytes:
    """RFC 8785, for values without fractions and with ASCII keys."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def link_hash(version: int, previous: str, digest: bytes) -> str:
    return hashlib.sha256(bytes([version]) + bytes.fromhex(previous) + digest).hexdigest()


def check_chain(chain: dict[str, Any], head: str = "") -> str:
    """Every link is the hash of what it says; the way goes through all of them and ends at the head."""
    version, links, way = chain["version"], chain["links"], chain["way"]
    if version != 1:
        raise Wrong(f"chain.json: version {version} is not known to this verifier")
    digests: dict[int, bytes] = {}
    for link in links:
        row = link["statement"]["row"]
        digests[link["number"]] = digest = hashlib.sha256(canonical(link["statement"])).digest()
        if link_hash(version, link["previous"], digest) != link["hash"]:
            raise Wrong(f"chain.json: link {link['number']} ({link['statement']['kind']} {row['id']}) is not its hash")
    passed = {link["hash"] for link in links}
    if way is not None:
        passed |= _follow(version, way, {link["number"]: link["hash"] for link in links}, digests)
        if chain["head"]["hash"] not in passed:
            raise Wrong("chain.json: the way does not lead to the head")
    if head and head not in passed:
        raise Wrong(f"chain.json: the chain does not lead through the head {head}")
    said = f"{len(links)} links are the hashes of what they say"
    if way is not None:
        said += f", and {len(way['digests'])} lead to the head {chain['head']['hash']}"
    if chain["unsealed"]:
        said += f"; {len(chain['unsealed'])} rows were not sealed when the pack was made"
    return said


def _follow(version: int, way: dict[str, Any], hashes: dict[int, str], digests: dict[int, bytes]) -> set[str]:
    previous, passed = way["previous"], set()
    for number, text in enumerate(way["digests"], start=way["first"]):
        digest = bytes.fromhex(text)
        if number in digests and digests[number] != digest:
            raise Wrong(f"chain.json: link {number} is another one on the way to the head")
        previous = link_hash(version, previous, digest)
        if number in hashes and hashes[number] != previous:
            raise Wrong(f"chain.json: link {number} does not follow the link before it")
        passed.add(previous)
    return passed


def check_warc(data: bytes, chain: dict[str, Any]) -> str:
    """Every record has its digests, and every body is that of its capture in chain.json."""
    rows = {}
    for one in [link["statement"] for link in chain["links"]] + chain["unsealed"]:
        if one["kind"] == "capture":
            rows[str(one["row"]["id"])] = one["row"]
    seen, bodies = set(), 0
    for headers, block in warc_records(data):
        kind, where = headers["warc-type"], f"captures.warc.gz: {headers['warc-record-id']}"
        _compare(f"{where}: block", block, headers.get("warc-block-digest"))
        if kind in ("response", "request"):
            block = block.partition(b"\r\n\r\n")[2]
        if kind != "revisit":
            _compare(f"{where}: body", block, headers.get("warc-payload-digest"))
        number = headers.get("warc-gongkai-capture")
        if number is None:
            continue
        if number not in rows:
            raise Wrong(f"{where}: capture {number} is not in chain.json")
        seen.add(number)
        _of_row(where, rows[number], headers)
        bodies += kind in ("response", "resource")
    absent = sorted(rows.keys() - seen, key=int)
    if absent:
        raise Wrong(f"captures.warc.gz: capture {absent[0]} is missing")
    return f"{len(seen)} captures with {bodies} bodies have their digests"


def _of_row(where: str, row: dict[str, Any], headers: dict[str, str]) -> None:
    if headers["warc-date"] != row["fetched_at"]:
        raise Wrong(f"{where}: its date is not that of capture {row['id']} in chain.json")
    digest = headers.get("warc-payload-digest")
    if digest != (None if row["sha256"] is None else f"sha256:{row['sha256']}"):
        raise Wrong(f"{where}: its body is not that of capture {row['id']} in chain.json")


def _compare(where: str, data: bytes, digest: str | None) -> None:
    if digest is not None and digest != f"sha256:{hashlib.sha256(data).hexdigest()}":
        raise Wrong(f"{where} does not have the digest {digest}")


def warc_records(data: bytes) -> Iterator[tuple[dict[str, str], bytes]]:
    """(headers by name in lower case, block) of each record of a gzipped WARC file."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            while line := stream.readline():
                if not line.startswith(b"WARC/1."):
                    raise Wrong(f"captures.warc.gz: no record begins with {line[:20]!r}")
                headers: dict[str, str] = {}
                while line := stream.readline().rstrip(b"\r\n"):
                    name, _, value = line.decode("utf-8").partition(":")
                    headers[name.strip().lower()] = value.strip()
                length = int(headers["content-length"])
                block = stream.read(length)
                if len(block) != length or stream.read(4) != b"\r\n\r\n":
                    raise Wrong(f"captures.warc.gz: {headers['warc-record-id']} is cut short")
                yield headers, block
    except (OSError, EOFError, zlib.error) as error:
        raise Wrong(f"captures.warc.gz: damaged ({error})") from error


def _json(pack: Pack, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(pack.read(name))
    return found


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="检查证据包 / checks an evidence pack")
    parser.add_argument("pack", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--head", default="", help="别人保存的链头 / a head that somebody else kept")
    options = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a console without Chinese signs
    try:
        said = check(options.pack, options.head.strip().lower())
    except Wrong as wrong:
        sys.stdout.write(f"WRONG 有问题: {wrong}\n")
        return 1
    sys.stdout.write("".join(f"{line}\n" for line in said) + "OK\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
