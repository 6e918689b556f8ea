"""Words of the command line, Chinese first and English beside it. Touches monitor/wording/*.yml, for reading."""

from monitor.wording import say


def both(key: str, /, joint: str = " ", **values: object) -> str:
    """The text of `key` in both languages."""
    return f"{say(key, 'zh', **values)}{joint}{say(key, 'en', **values)}"
