"""Opens a spreadsheet in LibreOffice without a window and gives what it shows. Touches the folder it is given."""

import os
import subprocess
from pathlib import Path

from crawler.formats.legacy.soffice import program

SECONDS = 120  # a bound only
# Separator, quote, UTF-8, first line, columns, language, quoted as text, numbers and dates are looked for, as shown, no
# formulas out, keep blanks, first sheet, and formulas are run: LibreOffice asks a person for all that.
READ = "Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,0,true"
WRITE = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1"


def converted(file: Path, folder: Path, form: str) -> Path:
    """The file as PDF, or its first sheet as CSV."""
    environment = {"HOME": str(folder), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"}
    out = folder / f"{file.name}-{form}"
    command = [
        program(), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
        *([f"--infilter={READ}"] if file.suffix == ".csv" else []),
        "--convert-to", WRITE if form == "csv" else form, "--outdir", str(out), str(file),
    ]  # fmt: skip
    subprocess.run(
        command, env=environment, check=True, timeout=SECONDS, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    [made] = out.iterdir()
    return made
