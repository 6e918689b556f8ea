"""Readings as JSON lines: one object a line, as in monitor.reading.as_json. Touches nothing."""

import json

from crawler.workers import Outcome
from monitor.reading.as_json import as_json

NAME = "jsonl"
JOINT = ""
TAIL = ""
ENCODING = "utf-8"


def head() -> str:
    return ""


def chunk(file: str, outcome: Outcome) -> str:
    return json.dumps(as_json(file, outcome), ensure_ascii=False) + "\n"
