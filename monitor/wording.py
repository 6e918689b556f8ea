"""Every sentence for people, Chinese and English, from monitor/wording/*.yml. May touch those files, for reading.

A key that is missing, a value that is not given, a text in one language only: each is an error, so that no user
ever reads a hole.
"""

import datetime as dt
import string
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

from config.errors import ConfigError
from config.load import read_yaml
from monitor.days import SHANGHAI, days_past, late_span

Language = Literal["zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
FOLDER = Path(__file__).parent / "wording"


def say(key: str, language: Language, /, **values: object) -> str:
    """The text of `key` (`namespace.name`) in `language`, its {placeholders} filled in.

    Raises KeyError for an unknown key or language and for a placeholder without a value.
    """
    texts = load(FOLDER)
    if key not in texts:
        raise KeyError(f"no text {key!r} in {FOLDER.name}/*.yml")
    text = texts[key][language]
    absent = placeholders(text) - values.keys()
    if absent:
        raise KeyError(f"text {key!r} needs {', '.join(sorted(absent))}")
    return text.format_map(values)


@cache
def keys() -> frozenset[str]:
    """All known keys, for callers that have to ask whether a text exists, and for tests."""
    return frozenset(load(FOLDER))


@lru_cache(maxsize=16384)
def placeholders(text: str) -> frozenset[str]:
    """The names in braces. A format specification or an attribute in braces is refused with ValueError."""
    names = set()
    for _, name, specification, conversion in string.Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or specification or conversion:
            raise ValueError(f"{{{name}}}: only plain names stand in braces")
        names.add(name)
    return frozenset(names)


@cache
def load(folder: Path) -> Mapping[str, Mapping[Language, str]]:
    """All *.yml of `folder` as one flat mapping `namespace.name` → language → text. Raises ConfigError."""
    texts: dict[str, Mapping[Language, str]] = {}
    for path in sorted(folder.glob("*.yml")):
        for key, text in _flat(path, "", read_yaml(path)):
            if key in texts:
                raise ConfigError(f"{path}: {key} stands in another file of this folder already")
            texts[key] = text
    return texts


def _flat(path: Path, prefix: str, node: Any) -> list[tuple[str, Mapping[Language, str]]]:
    if not isinstance(node, dict) or not node:
        raise ConfigError(f"{path}: {prefix or '(whole)'}: a mapping is expected")
    if set(node) & set(LANGUAGES):
        return [(prefix, _both(path, prefix, node))]
    pairs = []
    for name, child in node.items():
        if not isinstance(name, str):
            raise ConfigError(f"{path}: {prefix}: the key {name!r} is no text; put it into quotes")
        pairs += _flat(path, f"{prefix}.{name}" if prefix else name, child)
    return pairs


def _both(path: Path, key: str, node: dict[Any, Any]) -> Mapping[Language, str]:
    if set(node) != set(LANGUAGES) or not all(isinstance(text, str) and text.strip() for text in node.values()):
        raise ConfigError(f"{path}: {key}: a text in zh and one in en are expected, nothing else")
    try:
        same = placeholders(node["zh"]) == placeholders(node["en"])
    except ValueError as error:
        raise ConfigError(f"{path}: {key}: {error}") from error
    if not same:
        raise ConfigError(f"{path}: {key}: zh and en have different placeholders")
    return {language: node[language].strip() for language in LANGUAGES}


def show_day(day: dt.date, language: Language) -> str:
    """2024年1月31日 / 31 January 2024."""
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def show_moment(moment: dt.datetime, language: Language) -> str:
    """Day and minute in Asia/Shanghai: 2024年1月31日 20:05 / 31 January 2024, 20:05."""
    local = moment.astimezone(SHANGHAI)
    return f"{show_day(local.date(), language)}{' ' if language == 'zh' else ', '}{local:%H:%M}"


def show_days(days: int, language: Language) -> str:
    """A number of days: 1天 / 1 day, 12天 / 12 days."""
    return say("days.one" if days == 1 else "days.many", language, days=days)


def explain(key: str, parameters: Mapping[str, Any], language: Language) -> str:
    """A reason or note (`reason.stale`, `note.page_failing`) with its stored parameters.

    Names in `_at` are ISO moments, in `_on` ISO days, `outcome` is a LookOutcome's word, `citation` has both languages.
    """
    return say(key, language, **{name: _shown(name, value, language) for name, value in parameters.items()})


def _shown(name: str, value: Any, language: Language) -> str:
    if name.endswith("_at"):
        return show_moment(dt.datetime.fromisoformat(value), language)
    if name.endswith("_on"):
        return show_day(dt.date.fromisoformat(value), language)
    if name == "citation":
        return str(value[language])
    return say(f"look_outcome.{value}", language) if name == "outcome" else str(value)


def state_line(details: Mapping[str, Any], at: dt.datetime, language: Language) -> str:
    """The state of an assessment as stored (monitor.details) with its days, counted at the moment `at`."""
    state, due = details["state"], details["due"] and dt.date.fromisoformat(details["due"])
    if state == "late":
        seen, absent = details["first_seen_at"], details["last_absent_at"]
        first, last = late_span(due, absent and dt.datetime.fromisoformat(absent), dt.datetime.fromisoformat(seen))
        span = show_days(last, language) if first == last else say("days.span", language, first=first, last=last)
        return say("line.late", language, days=span)
    if state == "missing":
        return say("line.missing", language, days=show_days(days_past(due, at), language))
    if state == "due_soon":
        left = -days_past(due, at)
        return (
            say("line.due_soon", language, days=show_days(left, language)) if left else say("line.due_today", language)
        )
    return say(f"line.{state}", language)


# Not strftime("%B"): month names must not follow the machine's locale.
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
