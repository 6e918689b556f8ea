"""Opening the store: the schema is made, recognised, and equal to the tables; values survive exactly."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError

from crawler.errors import StoreError
from crawler.store.session import MIGRATIONS, Sessions, head, open_store, versions
from crawler.store.tables import Base, FactRow, Finding, Look, Reading, Run

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
NOW = dt.datetime(2024, 2, 1, 20, 0, tzinfo=SHANGHAI)


def _reading() -> Reading:
    return Reading(sha256="ab" * 32, extractor="1", read_at=NOW, details={"标题": ["年报", None, 1]})


def test_the_migrations_make_what_the_tables_say(sessions: Sessions) -> None:
    with sessions() as session:
        differences = compare_metadata(MigrationContext.configure(session.connection()), Base.metadata)
    assert differences == []


def test_an_absent_schema_is_refused_with_what_to_do(database_url: str) -> None:
    with pytest.raises(StoreError, match="no tables yet: run `gongkai migrate`"):
        open_store(database_url)


def test_an_older_version_is_refused(database_url: str) -> None:
    with open_store(database_url, create=True).begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(StoreError, match=f"is of version 0001, the program needs {head()}: run `gongkai migrate`"):
        open_store(database_url)


@pytest.mark.parametrize("create", [False, True])
def test_a_newer_version_is_refused_and_left_alone(database_url: str, create: bool) -> None:
    with open_store(database_url, create=True).begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="is of version 9999, which this program does not know"):
        open_store(database_url, create=create)


def test_the_newest_version_is_the_last_migration() -> None:
    scripts = ScriptDirectory(MIGRATIONS)
    assert scripts.get_heads() == [head()]
    assert [script.revision for script in scripts.walk_revisions()][::-1] == list(versions())


def test_creating_twice_keeps_the_data(database_url: str) -> None:
    with open_store(database_url, create=True).begin() as session:
        session.add(_reading())
    with open_store(database_url, create=True)() as session:
        assert session.query(Reading).one().details == {"标题": ["年报", None, 1]}


@pytest.mark.parametrize("value", ["3164410000", "0.1", "-14", "0", "5637500.00", "12345678901234567890.123456789"])
def test_decimals_are_exact(sessions: Sessions, value: str) -> None:
    with sessions.begin() as session:
        reading = _reading()
        session.add(reading)
        session.flush()
        session.add(
            FactRow(
                reading_id=reading.id, code="proactive.fees.amount", state="number", value=Decimal(value), unit="元"
            )
        )
    with sessions() as session:
        assert session.query(FactRow).one().value == Decimal(value)


@pytest.mark.parametrize("value", [0.1, Decimal("NaN"), Decimal("Infinity")])
def test_what_is_no_finite_decimal_is_refused(sessions: Sessions, value: object) -> None:
    with sessions() as session:
        session.add(_reading())
        session.flush()
        session.add(FactRow(reading_id=1, code="a", state="number", value=value, unit="件"))
        with pytest.raises(StatementError, match="a finite Decimal"):
            session.flush()


def test_moments_come_back_aware_and_equal(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.add(Run(portal="a", started_at=NOW, outcome="running"))
    with sessions() as session:
        stored = session.query(Run).one().started_at
        assert stored == NOW
        assert stored.tzinfo is not None


def test_a_naive_moment_is_refused(sessions: Sessions) -> None:
    with sessions() as session:
        session.add(Run(portal="a", started_at=NOW.replace(tzinfo=None), outcome="running"))
        with pytest.raises(StatementError, match="needs an offset"):
            session.flush()


def test_a_finding_is_open_once(sessions: Sessions) -> None:
    def finding() -> Finding:
        return Finding(key="missing:a:2023", kind="missing", agency_id="a", year=2023, opened_at=NOW)

    with sessions.begin() as session:
        session.add(finding())
    with sessions() as session:
        session.add(finding())
        with pytest.raises(IntegrityError):
            session.flush()
    with sessions.begin() as session:
        session.query(Finding).one().closed_at = NOW
        session.flush()
        session.add(finding())
    with sessions() as session:
        assert session.query(Finding).count() == 2


def test_a_row_without_its_parent_is_refused(sessions: Sessions) -> None:
    with sessions() as session:
        session.add(Look(run_id=99, portal="a", column="c", at=NOW, outcome="healthy"))
        with pytest.raises(IntegrityError):
            session.flush()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("not a url", "is no database URL"),
        ("mysql://u:secret@127.0.0.1/x", "mysql is not supported"),
        ("sqlite:////proc/nowhere/x.db", "cannot be used|nowhere"),
    ],
)
def test_an_unusable_address_is_a_clear_error_without_the_password(url: str, said: str) -> None:
    with pytest.raises(StoreError, match=said) as caught:
        open_store(url, create=True)
    assert "secret" not in str(caught.value)


def test_the_folder_of_the_database_is_made(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path / 'new' / 'deep' / 'store.db'}", create=True)
    assert (tmp_path / "new" / "deep" / "store.db").exists()
