"""Senders as processes of their own, started by the dozen and killed: a fork server has everything imported already.

May touch: processes that it starts and ends, the database of the newsroom it is given.
"""

import datetime as dt
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess

from sqlalchemy import select, update

from config.env import Settings
from config.load import load
from crawler.store.session import open_store
from crawler.store.tables import Delivery
from monitor.alerts.notify import notify
from monitor.context import Context
from tests.monitor.checks.history import moment
from tests.monitor.newsroom import Newsroom

WAIT = 60.0  # seconds, a bound only
KILLED = -9
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])


def tell(settings: Settings, at: str) -> None:
    """What `gongkai notify` does, in a process of its own; leases and pauses are by the real clock."""
    notify(Context(settings, load(settings.config_dir), open_store(settings.database), moment(at)))


@contextmanager
def sender(room: Newsroom, port: int, folder: str = "", at: str = "02-02 21:00") -> Iterator[BaseProcess]:
    """A sender with a data folder of its own, or the room's; whatever is left of it is killed."""
    data_dir = room.folder / folder if folder else room.settings.data_dir
    settings = room.settings.model_copy(update={"mail_url": f"smtp://127.0.0.1:{port}", "data_dir": data_dir})
    process = PROCESSES.Process(target=tell, args=(settings, at))
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join(WAIT)
        process.close()


def kill(process: BaseProcess) -> None:
    """kill -9, and nothing of it is left."""
    process.kill()
    process.join(WAIT)
    assert process.exitcode == KILLED


def a_day_passes(room: Newsroom) -> None:
    """For leases and pauses, which are kept as moments of the real clock. Nobody may be sending."""
    day = dt.timedelta(days=1)
    with room.sessions.begin() as session:
        for id_, leased, waits in session.execute(
            select(Delivery.id, Delivery.leased_until, Delivery.next_try_at)
        ).all():
            session.execute(
                update(Delivery)
                .where(Delivery.id == id_)
                .values(leased_until=leased and leased - day, next_try_at=waits and waits - day)
            )
