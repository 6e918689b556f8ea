"""LibreOffice in a cage: missing, hanging, dying, and ending with whoever started it.

The programs that hang or die are scripts of ours with the name soffice; the rest is the real one.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from crawler import formats
from crawler.errors import ReadError
from crawler.formats import legacy
from crawler.formats.legacy import soffice
from tests.crawler.formats.test_legacy import compound
from tests.golden.make import MADE

DOC = MADE / "doc-2008.doc"
XLS = MADE / "xls-2008.xls"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made; empty again when a test ends."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def program(folder: Path, script: str) -> str:
    """The PATH on which `soffice` is this shell script."""
    path = folder / "bin"
    path.mkdir()
    (path / "soffice").write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
    (path / "soffice").chmod(0o755)
    return f"{path}{os.pathsep}{os.environ['PATH']}"


def is_alive(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"


def ended(pid: int, seconds: float = 10.0) -> bool:
    until = time.monotonic() + seconds
    while is_alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    return not is_alive(pid)


def test_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ReadError, match="cannot read: LibreOffice is not installed") as error:
        formats.read(DOC.read_bytes())
    assert "libreoffice-writer" in str(error.value)


def test_what_hangs_is_ended_with_all_that_it_started(
    tmp_path: Path, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pids = tmp_path / "pids"
    script = f"sleep 600 & echo $! >>{pids}; echo $$ >>{pids}; wait"
    monkeypatch.setenv("PATH", program(tmp_path, script))
    monkeypatch.setattr(soffice, "STALL_SECONDS", 0.5)
    with pytest.raises(ReadError, match="不能转换"):
        formats.read(DOC.read_bytes())
    started = [int(line) for line in pids.read_text().split()]
    assert len(started) == 2
    assert all(ended(pid) for pid in started)
    assert list(own_folder.iterdir()) == []


def test_it_ends_with_the_process_that_started_it(
    tmp_path: Path, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that is killed leaves nothing behind."""
    pids = tmp_path / "pids"
    monkeypatch.setenv("PATH", program(tmp_path, f"echo $$ >>{pids}; exec sleep 600"))
    monkeypatch.setenv("TMPDIR", str(own_folder))
    code = f"from crawler.formats import legacy; legacy.convert([open({str(DOC)!r}, 'rb').read()])"
    with subprocess.Popen([sys.executable, "-c", code]) as worker:
        until = time.monotonic() + 30
        while not (pids.exists() and pids.read_text().strip()) and time.monotonic() < until:
            time.sleep(0.05)
        worker.send_signal(signal.SIGKILL)
    assert ended(int(pids.read_text()))
    until = time.monotonic() + 10
    while any(own_folder.iterdir()) and time.monotonic() < until:
        time.sleep(0.05)
    assert list(own_folder.iterdir()) == []


def test_one_that_dies_at_a_file_loses_only_that_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The script copies each file as its own result, and dies at the one that says so."""
    log = tmp_path / "runs"
    script = f"""
echo run >>{log}
while [ "$1" != --outdir ]; do shift; done
out=$2; shift 2
for file; do
  grep -q DIE "$file" && kill -KILL $$
  cp "$file" "$out/$(basename "$file" .doc).docx"
done
"""
    monkeypatch.setenv("PATH", program(tmp_path, script))
    whole = (MADE / "docx-2008.docx").read_bytes()
    jobs = [soffice.Job(data, "doc", "docx") for data in (whole, b"DIE", whole, whole)]
    results = soffice.convert(jobs)
    assert [isinstance(result, bytes) for result in results] == [True, False, True, True]
    assert len(log.read_text().split()) == 3  # the batch, the suspect alone, the rest


@pytest.mark.integration
def test_a_batch_with_broken_files(own_folder: Path) -> None:
    doc, xls = DOC.read_bytes(), XLS.read_bytes()
    batch = [doc, doc[:12_000], compound({"WordDocument": bytes(512)}), xls, b"no office file"]
    results = legacy.convert(batch)
    assert [isinstance(result, bytes) for result in (results[0], results[1], results[3], results[4])] == [
        True,
        False,
        True,
        False,
    ]
    assert legacy.read_converted(doc, results[0]).format == "doc"
    assert legacy.read_converted(xls, results[3]).format == "xls"
    with pytest.raises(ReadError):
        legacy.read_converted(batch[1], results[1])
    assert list(own_folder.iterdir()) == []


LINKED = """<?xml version="1.0"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
  xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"
  xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" office:version="1.2"
  xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
  office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text><text:p>
  <draw:frame svg:width="3cm" svg:height="3cm"><draw:image xlink:href="http://127.0.0.1:{port}/seal.png"/></draw:frame>
</text:p></office:text></office:body></office:document>"""


@contextmanager
def listener() -> Iterator[tuple[int, list[str]]]:
    """(port, the requests that came)."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Nothing goes to the terminal."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port, asked
        server.shutdown()
        thread.join()


@pytest.mark.integration
@pytest.mark.parametrize("is_confined", [True, False])
def test_nothing_is_fetched(is_confined: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document that shows a picture of another server. Without our profile LibreOffice does ask for it."""
    if not is_confined:
        monkeypatch.setattr(soffice, "_SETTINGS", ())
    with listener() as (port, asked):
        (result,) = soffice.convert([soffice.Job(LINKED.format(port=port).encode(), "fodt", "docx")])
    assert isinstance(result, bytes)
    assert bool(asked) is not is_confined
