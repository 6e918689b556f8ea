"""`python -m tests.portals [--day DAY] [--config DIR]`: the story's portals as a process of its own, until Ctrl-C.

May touch: 127.0.0.1, the folder given by --config. The first line on stdout is JSON: the day, the address of every
column, and the control address to which the day is POSTed (see SimulatedPortals).
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import signal
import threading
from pathlib import Path

from tests.portals import SimulatedPortals
from tests.portals.configuration import write_configuration
from tests.portals.world import the_world


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.portals", description="模拟门户 / simulated portals")
    parser.add_argument(
        "--day", type=dt.date.fromisoformat, default=dt.date(2024, 1, 15), help="the simulated day, ISO"
    )
    parser.add_argument("--config", type=Path, metavar="DIR", help="write a configuration for these portals into DIR")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt), SimulatedPortals(the_world(), options.day) as portals:
        if options.config is not None:
            write_configuration(options.config, portals)
        print(json.dumps(portals.state(), ensure_ascii=False), flush=True)
        threading.Event().wait()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
