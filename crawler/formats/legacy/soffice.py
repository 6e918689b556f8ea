"""LibreOffice without a window: a batch of files in, the same as DOCX or XLSX out. Starts processes of its own.

Touches one temporary folder, which holds the profile, the files and their results, and goes away in any case. What
runs there may execute no macro, update no link and reach no network (its proxy is a port where nobody answers); it
is bounded in memory, file size and time, and it ends with everything that it started.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from crawler.errors import ReadError
from crawler.formats.package import Package

STALL_SECONDS = 40.0  # without a further result, the program is ended; its start takes two to ten seconds
MAX_MEMORY = 4 << 30  # bytes of address space; it asks for some 1.5 GB without using them
MAX_OUTPUT = 40 << 20  # bytes of one written file

MISSING = (
    "无法读取：没有安装 LibreOffice。旧版 Office 文件（DOC、WPS、XLS、RTF 等）要用它转换；"
    "请安装（Debian：apt-get install libreoffice-writer libreoffice-calc）后重试。"
    " / cannot read: LibreOffice is not installed; install libreoffice-writer and libreoffice-calc."
)

_FAILED = (
    "LibreOffice 不能转换这个文件（损坏、过大或超时）。请另存为 DOCX 或 XLSX 后重试。"
    " / LibreOffice cannot convert this file."
)

# (path, property, value) of the profile, see org.openoffice.Office.*.xcs of LibreOffice.
_SETTINGS = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),  # never
    ("Office.Writer/Content/Update", "Field", "false"),
    ("Office.Calc/Content/Update", "Link", "1"),  # never
    ("Office.Calc/Formula/Load", "OOXMLRecalcMode", "1"),  # never: the kept results are what was published
    ("Office.Calc/Formula/Load", "ODFRecalcMode", "1"),
    ("Inet/Settings", "ooInetProxyType", "2"),  # by hand
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
    ("Setup/Office", "ooSetupInstCompleted", "true"),
)

# Raises the soft limits that a worker process handed down, as far as the hard ones allow, then runs the program.
# Its input is a pipe that nobody writes to: where that ends, the starter has died, and the whole group goes with it.
_WITH_LIMITS = """
ulimit -S -t unlimited || ulimit -S -t "$(ulimit -H -t)"
ulimit -S -d unlimited || ulimit -S -d "$(ulimit -H -d)"
ulimit -S -d "$1" || ulimit -S -d "$(ulimit -H -d)"
ulimit -S -v "$1" || ulimit -S -v "$(ulimit -H -v)"
ulimit -S -f "$2"
shift 2
exec 3<&0
{ cat <&3 >/dev/null; kill -KILL 0; } &
exec 3<&-
"$@" &
wait $!
"""

# Waits until whoever started it is gone, then ends the program's process group and removes the folder.
_WATCH = 'cat >/dev/null; kill -KILL -- "-$1"; rm -rf -- "$2"'


@dataclass(frozen=True, slots=True)
class Job:
    """One file to convert. `suffix` says what the bytes are (doc, rtf, xls …); `target` is docx or xlsx."""

    data: bytes
    suffix: str
    target: str


def program() -> str:
    """The path of LibreOffice. Raises ReadError: it is not installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        raise ReadError(MISSING)
    return found


def convert(jobs: Sequence[Job]) -> tuple[bytes | ReadError, ...]:
    """The converted files in the order of `jobs`; a file that fails has its ReadError and harms no other.

    One process converts all jobs of one target. Where it ends or stalls, the file that it was at is tried once
    more alone, and the others go on without it.
    """
    results: dict[int, bytes | ReadError] = {}
    for target in dict.fromkeys(job.target for job in jobs):
        waiting = [number for number, job in enumerate(jobs) if job.target == target]
        while waiting:
            was_alone = len(waiting) == 1
            results |= _run({number: jobs[number] for number in waiting}, target)
            waiting = [number for number in waiting if number not in results]
            if waiting:
                suspect = waiting.pop(0)
                again = {} if was_alone else _run({suspect: jobs[suspect]}, target)
                results[suspect] = again.get(suspect, ReadError(_FAILED))
    return tuple(results[number] for number in range(len(jobs)))


def _run(jobs: dict[int, Job], target: str) -> dict[int, bytes | ReadError]:
    """Those results that came about in one run of the program."""
    path = program()
    with tempfile.TemporaryDirectory(prefix="gongkai-office-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source, out, profile = folder / "in", folder / "out", folder / "profile"
        for made in (source, out, profile / "user"):
            made.mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_profile(), encoding="utf-8")
        for number, job in jobs.items():
            (source / f"{number:06}.{job.suffix}").write_bytes(job.data)
        arguments = [
            *("/bin/sh", "-c", _WITH_LIMITS, "sh", str(MAX_MEMORY // 1024), str(MAX_OUTPUT // 512)),
            *(path, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nologo"),
            *("--nolockcheck", "--nodefault", "--convert-to", target, "--outdir", str(out)),
            *(str(source / f"{number:06}.{job.suffix}") for number, job in jobs.items()),
        ]
        _wait(arguments, folder, out)
        return {number: data for number in jobs if (data := _result(out / f"{number:06}.{target}")) is not None}


def _wait(arguments: list[str], folder: Path, out: Path) -> None:
    """Until the program has ended by itself, or wrote nothing further for STALL_SECONDS."""
    environment = {
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "PATH": os.environ.get("PATH", ""),
        "LANG": "C.UTF-8",
        "SAL_USE_VCLPLUGIN": "svp",
    }
    process = subprocess.Popen(  # noqa: S603 - a fixed program; the files have names of ours
        arguments,
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    watch = subprocess.Popen(  # noqa: S603 - a fixed program; its input ends when this process does, however it dies
        ["/bin/sh", "-c", _WATCH, "sh", str(process.pid), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    written = -1
    try:
        while (now := len(list(out.iterdir()))) > written:
            written = now
            try:
                process.wait(timeout=STALL_SECONDS)
            except subprocess.TimeoutExpired:
                continue
            break
    finally:
        _end(watch)
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """The process and all that it started: they share a process group of their own."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    if process.stdin is not None:
        process.stdin.close()
    process.wait()


def _result(path: Path) -> bytes | None:
    """None where nothing was written, or no whole container: the program was ended while it wrote."""
    if not path.is_file():
        return None
    data = path.read_bytes()
    try:
        Package(data)
    except ReadError:
        return None
    return data


def _profile() -> str:
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{escape(value)}</value>'
        "</prop></item>"
        for path, name, value in _SETTINGS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
        f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{items}</oor:items>\n'
    )
