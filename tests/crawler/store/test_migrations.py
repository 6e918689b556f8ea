"""Each migration keeps the rows that are there, on both databases."""

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine

from crawler.store.session import open_store, upgrade
from crawler.store.tables import Capture, Delivery, FactRow, Reading


def before(database_url: str, revision: str) -> Engine:
    """A database of that version, made with the driver that the store uses."""
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    upgrade(engine, revision)
    return engine


def test_facts_of_before_were_read_with_certainty(database_url: str) -> None:
    engine = before(database_url, "0001")
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO reading (id, sha256, extractor, read_at, format, is_report, details, error) "
                "VALUES (7, 'ab', '1', '2024-02-01 12:00:00', 'html', true, '{}', '')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO fact (id, reading_id, code, state, value, unit, raw, place) VALUES "
                "(101, 7, 'proactive.fees.amount', 'number', '316441.17', '元', '31.644117', '{\"block\": 3}'), "
                "(102, 7, 'review.total', 'blank', NULL, '件', '', NULL)"
            )
        )
    engine.dispose()
    with open_store(database_url, create=True)() as session:
        facts = session.query(FactRow).order_by(FactRow.id).all()
        assert [(fact.code, fact.state, fact.raw, fact.certain) for fact in facts] == [
            ("proactive.fees.amount", "number", "31.644117", True),
            ("review.total", "blank", "", True),
        ]
        assert format(facts[0].value or 0, "f") == "316441.17"
        assert facts[0].place == {"block": 3}
        assert session.get_one(Reading, 7).extractor == "1"
        session.add(FactRow(id=103, reading_id=7, code="review.upheld", state="number", unit="件", certain=False))
        session.flush()
        # What is written without the column is certain: rows come from the reader, which always says it.
        session.execute(
            text("INSERT INTO fact (id, reading_id, code, state, unit, raw) VALUES (104, 7, 'x', 'blank', '', '')")
        )
        assert session.get_one(FactRow, 104).certain is True


def test_captures_and_messages_of_before_stay_as_they_were(database_url: str) -> None:
    """What was sent to a portal was not kept then, a claimed message is still to be sent, and belongs to no edition."""
    engine = before(database_url, "0003")
    with engine.begin() as connection:
        for statement in (
            "INSERT INTO run (id, portal, started_at, outcome, reason, requests, simulated) "
            "VALUES (1, 'city', '2024-02-01 12:00:00', 'finished', '', 1, true)",
            'INSERT INTO capture (id, run_id, portal, "column", kind, url, final_url, fetched_at, outcome, reason, sha256, '
            "size, media_type, headers, not_modified) VALUES (5, 1, 'city', 'a', 'detail', 'http://127.0.0.1/a', "
            "'http://127.0.0.1/a', '2024-02-01 12:00:00', 'healthy', '', 'ab', 2, 'text/html', '{\"Server\": [\"x\"]}', false)",
            "INSERT INTO delivery (id, subscription, recipient, channel, message_id, subject, message, status, claimed_at, "
            "attempts, error) VALUES (3, 's', 'a@example.org', 'email', 'm@x', '主题', 'bytes', 'claimed', "
            "'2024-02-01 12:00:00', 2, 'busy'), (4, 's', 'a@example.org', 'email', 'n@x', '主题', 'bytes', 'sent', "
            "'2024-02-01 12:00:00', 1, '')",
        ):
            connection.execute(text(statement))
    engine.dispose()
    with open_store(database_url, create=True)() as session:
        capture = session.get_one(Capture, 5)
        assert (capture.sha256, capture.headers, capture.request) == ("ab", {"Server": ["x"]}, {})
        waiting = session.get_one(Delivery, 3)
        assert (waiting.status, waiting.attempts, waiting.error) == ("claimed", 2, "busy")
        for delivery in (waiting, session.get_one(Delivery, 4)):  # two of one recipient without an edition
            assert (delivery.edition, delivery.sender, delivery.leased_until, delivery.next_try_at) == (
                "",
                "",
                None,
                None,
            )
