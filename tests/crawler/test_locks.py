"""Host locks: one holder at a time, freed with the process, sorted."""

import subprocess
import sys
from pathlib import Path

import pytest

from config.schema import Column, Portal
from crawler import locks
from crawler.errors import CrawlError

HOLDER = """
import sys
from pathlib import Path
from crawler.locks import hold
with hold(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def portal(*hosts: str) -> Portal:
    column = Column(key="reports", url=f"http://{hosts[0]}/", agencies=("shili-jyj",))
    return Portal(slug="sim", name="示例门户", family="trs", hosts=hosts, columns=(column,))


def test_a_second_holder_is_refused_and_a_later_one_is_not(tmp_path: Path) -> None:
    path = tmp_path / "locks" / "www.example.org.lock"
    with locks.hold(path), pytest.raises(CrawlError, match=r"www\.example\.org is in use"), locks.hold(path):
        pass
    with locks.hold(path):
        pass


def test_another_process_is_refused_until_it_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "host.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(CrawlError, match="in use"), locks.hold(path):
            pass
        holder.kill()
        holder.wait(10)
        with locks.hold(path):
            pass


def test_names_are_sorted_and_one_per_machine() -> None:
    assert locks.names(portal("www.example.org", "a.example.org:8080", "A.example.org")) == (
        "a.example.org",
        "www.example.org",
    )
    assert locks.names(portal("127.0.0.1:8002", "127.0.0.1:8001")) == ("127.0.0.1_8001", "127.0.0.1_8002")
    assert locks.names(portal("[::1]:8001")) == ("[__1]_8001",)
