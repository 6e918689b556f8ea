"""schemathesis over the description, against a really served application: no 5xx, nothing that is not described.

API_EXAMPLES: how many questions are made up for each address, few in the suite; beside these it always asks for every
boundary and every violation that the description has.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
EXAMPLES = os.environ.get("API_EXAMPLES", "5")
LEAST = 1000  # questions, of all addresses together


@pytest.mark.integration
def test_every_answer_is_as_described(origin: str, tmp_path: Path) -> None:
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{origin}/api/openapi.json"),
        *("--phases", "coverage,fuzzing", "--max-examples", EXAMPLES, "--no-color"),
    ]
    known = {**os.environ, "SCHEMATHESIS_HOOKS": "tests.monitor.status.api.hooks", "PYTHONPATH": str(ROOT)}
    asked = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=known, check=False)
    assert asked.returncode == 0, asked.stdout[-8000:] + asked.stderr[-2000:]
    counted = re.search(r"(\d[\d,]*) generated, (\d+) passed", asked.stdout)
    assert counted is not None and int(counted[1].replace(",", "")) >= LEAST, asked.stdout[-2000:]
