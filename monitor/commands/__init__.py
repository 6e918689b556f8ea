"""The commands of `gongkai`: a function each, named as the command, in the module that stands here; one line each.

They are imported when they are called for: a command need not wait for what the others use (web server, browser, …).
"""

from collections.abc import Mapping
from importlib import import_module

import click

# In the order of the work, in which they are listed.
COMMANDS: Mapping[str, str] = {
    "read": "read",
    "crawl": "crawl",
    "reread": "reread",
    "evaluate": "evaluate",
    "why": "why",
    "notify": "notify",
    "deliveries": "deliveries",
    "unsubscribes": "unsubscribes",
    "alerts": "alerts",
    "ack": "ack",
    "mute": "mute",
    "unmute": "mute",
    "mutes": "mute",
    "changes": "changes",
    "circular": "circular",
    "reply": "reply",
    "replies": "reply",
    "serve": "serve",
    "run": "run",
    "portal": "portal",
    "identify": "identify",
    "review": "review",
    "evidence": "evidence",
    "archive": "archive",
    "export": "export",
    "registry": "registry",
    "deadlines": "deadlines",
    "account": "account",
    "migrate": "migrate",
}


def command_named(name: str) -> click.Command | None:
    """None: there is no such command."""
    if name not in COMMANDS:
        return None
    command: click.Command = getattr(import_module(f"{__name__}.{COMMANDS[name]}"), name)
    return command
