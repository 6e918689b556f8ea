"""`gongkai export` and the job, in processes of their own, as they are run; and one that is killed."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from crawler.locks import hold
from monitor import jobs
from monitor.__main__ import main
from monitor.exports import folder
from tests.monitor.exports.conftest import Stock
from tests.monitor.status.seed import NOW

SECONDS = 120  # a bound only


@pytest.fixture
def environment(own: Stock, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("data_dir", "config_dir"):
        monkeypatch.setenv(f"GONGKAI_{name.upper()}", str(getattr(own.settings, name)))
    monkeypatch.setenv("GONGKAI_DATABASE_URL", own.settings.database_url)


@pytest.mark.integration
@pytest.mark.usefixtures("environment")
def test_the_command(own: Stock, tmp_path: Path) -> None:
    run = CliRunner()
    dry = run.invoke(main, ["export", "--dry-run", "--json"])
    assert dry.exit_code == 0, dry.output
    assert json.loads(dry.stdout)["rows"]["coverage"] > 20
    assert not list(own.exports.iterdir())
    part = run.invoke(main, ["export", "--format", "csv", "--table", "agencies", "-o", str(tmp_path / "out")])
    assert part.exit_code == 0, part.output
    assert "agencies：14 行 rows" in part.stdout
    assert (tmp_path / "out" / "agencies.csv").is_file()
    whole = run.invoke(main, ["export", "--table", "agencies"])
    assert whole.exit_code == 2
    assert "whole exports only" in whole.output
    unknown = run.invoke(main, ["export", "--table", "passwords", "-o", str(tmp_path / "none")])
    assert unknown.exit_code == 2
    assert "no table passwords; there are agencies, coverage" in unknown.output
    with hold(own.settings.lock_dir / "export.lock"):
        second = run.invoke(main, ["export"])
    assert second.exit_code == 2
    assert "another `gongkai export` is at work" in second.output


@pytest.mark.integration
def test_the_job_and_an_export_that_is_killed(own: Stock) -> None:
    """kill -9 in the middle: what was there stays, what it left behind goes with the next one."""
    seen: list[int] = []
    first = jobs.export(own.settings, NOW, progress=lambda done, of: seen.append(done)).build
    assert first is not None and first["rows"]["facts"] > 1000
    assert jobs.export(own.settings, NOW).build is None

    asked: dict[str, Any] = {
        "at": NOW.isoformat(),
        "tables": [],
        "formats": [],
        "output": None,
        "force": True,
        "dry_run": False,
    }
    killed = subprocess.Popen(
        [sys.executable, "-m", "monitor.exports"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=jobs.environment(own.settings),
        text=True,
    )
    assert killed.stdin is not None and killed.stdout is not None
    with killed.stdin, killed.stdout:
        killed.stdin.write(json.dumps(asked))
        killed.stdin.close()
        assert "done" in json.loads(killed.stdout.readline())
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait(SECONDS)
    assert [path.name for path in own.exports.glob(".*.part")] == [f".{NOW:%Y-%m-%d}.2.part"]
    assert folder.builds(own.exports) == [first["name"]]

    stop = threading.Event()
    stop.set()
    with pytest.raises(Exception, match="the program ends"):
        jobs.export(own.settings, NOW.replace(day=NOW.day + 1), stop=stop)
    again = jobs.export(own.settings, NOW.replace(day=NOW.day + 1)).build
    assert again is not None
    assert sorted(path.name for path in own.exports.iterdir()) == sorted([first["name"], again["name"]])
