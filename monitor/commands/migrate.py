"""`gongkai migrate`: makes the database or brings it up to date. Touches the database only."""

import click
from sqlalchemy import make_url

from crawler.store.session import head, open_store
from monitor.commands.opening import read_settings


@click.command("migrate")
def migrate() -> None:
    """建立或更新数据库。 Make the database, or bring it up to date; what is in it is kept.

    \b
    例 Example:
      GONGKAI_DATABASE_URL=postgresql://gongkai@localhost/gongkai gongkai migrate
    """
    settings = read_settings()
    open_store(settings.database, create=True)
    shown = make_url(settings.database).render_as_string(hide_password=True)
    click.echo(f"数据库已就绪，版本 {head()} / the database is ready, version {head()}: {shown}")
