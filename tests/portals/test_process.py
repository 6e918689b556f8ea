"""The simulated portals as a process of their own: addresses on stdout, steered over HTTP, ended by a signal."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from config.load import load

pytestmark = pytest.mark.integration


def test_a_process_of_portals_is_steered_and_ends(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.portals", "--day", "2024-01-17", "--config", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            state = json.loads(process.stdout.readline())
            column = state["portals"]["sim-shili-city"][0]
            assert load(tmp_path).portals["sim-shili-city"].columns[0].url == column
            with httpx.Client(trust_env=False) as client:
                assert "示例市教育局2023年" not in client.get(column).text
                assert client.post(f"{state['control']}/day", content="2024-01-18").is_success
                assert "示例市教育局2023年" in client.get(column).text
        finally:
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")
