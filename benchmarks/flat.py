"""Does our crawl stay small? Memory over 100,000 pages in one process: `python -m benchmarks.flat [PORTALS]`.

May touch: a temporary folder, processes of its own on 127.0.0.1. PORTALS portals (100) of 1,000 pages each; they share a
server and its pages, so the archive stays small, and are visited one after the other. Read is the resident memory of the
visiting process whenever a portal is done.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import portal
from benchmarks.crawl import running_portal
from benchmarks.visit import Household

PORTALS = 100
EVERY = 10  # portals between two printed lines
AT = "2024-01-25T09:00+08:00"


def main(portals: int) -> None:
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as name, running_portal() as host:
        household = Household(Path(name), {f"bench-{n:03}": host for n in range(portals)}, portal.PAGES)
        command, environment = household.command(AT)
        with (
            (Path(name) / "log").open("w", encoding="utf-8") as log,
            subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True) as process,
        ):
            sizes = [resident(process.pid) for _ in process.stdout or ()]
        if process.returncode != 0 or len(sizes) != portals:
            raise RuntimeError((Path(name) / "log").read_text(encoding="utf-8")[-1000:])
    for number in range(EVERY, portals + 1, EVERY):
        print(f"{number * portal.PAGES:8,} pages  {sizes[number - 1] / 2**20:7.1f} MB")
    early, late = max(sizes[: portals // 4]), max(sizes[-(portals // 4) :])
    print(f"last quarter against first quarter, peaks: {late / early:.3f}")


def resident(pid: int) -> int:
    """Bytes of memory that the process holds; 0 when it has just ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    line = next((line for line in status.splitlines() if line.startswith("VmRSS:")), "VmRSS: 0 kB")
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PORTALS)
