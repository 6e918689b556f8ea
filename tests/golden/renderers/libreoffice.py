"""What LibreOffice saves: files of another program, from those that the other renderers make.

Starts LibreOffice in a folder of its own, with a profile of its own.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

_SECONDS = 120


def saved_as(data: bytes, suffix: str, target: str) -> bytes:
    """`data`, a file with this suffix, as LibreOffice saves it with the suffix `target`."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source = folder / f"report.{suffix}"
        source.write_bytes(data)
        profile = (folder / "profile").as_uri()
        arguments = [f"-env:UserInstallation={profile}", "--headless", "--convert-to", target]
        subprocess.run(
            ["soffice", *arguments, "--outdir", str(folder / "out"), str(source)],
            check=True,
            capture_output=True,
            timeout=_SECONDS,
        )
        return (folder / "out" / f"report.{target}").read_bytes()
