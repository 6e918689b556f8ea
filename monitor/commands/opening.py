"""What a command needs before it begins: settings, configuration, the store, the time.

May touch: the environment through config.env, the configuration folder, the database, the clock.
"""

import datetime as dt

from pydantic import ValidationError

from config.env import Settings
from config.errors import GongkaiError
from config.load import Configuration, load
from crawler.store.session import Sessions, open_store
from monitor import clock
from monitor.context import Context


def read_settings() -> Settings:
    """The settings of this process. Raises GongkaiError, which names the variable."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise GongkaiError(f"GONGKAI_{name}: {first['msg']}") from error


def open_sessions(settings: Settings) -> Sessions:
    """The store. The default SQLite database is made at first use; any other one is made by `gongkai migrate`."""
    is_first_use = not settings.database_url and not (settings.data_dir / "gongkai.db").exists()
    return open_store(settings.database, create=is_first_use)


def make_context(settings: Settings, configuration: Configuration, sessions: Sessions) -> Context:
    """A context at the present that the settings ask for."""
    return Context(settings, configuration, sessions, clock.for_settings(settings, configuration).now())


def open_context(at: dt.datetime | None = None) -> Context:
    """Everything at once; `at` replaces the present."""
    settings = read_settings()
    configuration = load(settings.config_dir)
    context = make_context(settings, configuration, open_sessions(settings))
    return context if at is None else Context(settings, configuration, context.sessions, at)
