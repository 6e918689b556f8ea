"""The canonical form and the links, against values that were computed by hand with other means."""

import datetime as dt
import hashlib
import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.seals import FIELDS, GENESIS, canonical, digest, interleaved, link_hash, links, sealable, statement
from crawler.store.tables import Capture, Look

NOON = dt.datetime(2024, 2, 5, 20, 0, 0, 1234, dt.timezone(dt.timedelta(hours=8)))


def look(id_: int, minutes: int = 0, **changes: object) -> dict[str, object]:
    row: dict[str, object] = {
        "id": id_, "run_id": 1, "portal": "shili", "column": "nb", "at": NOON + dt.timedelta(minutes=minutes),
        "outcome": "healthy", "reason": "", "status": 200, "url": "http://127.0.0.1/nb/", "entries": 3, "pages": 1,
    }  # fmt: skip
    return row | changes


def test_the_fields_are_the_columns_of_the_tables() -> None:
    """A new column has to be thought of here: sealed under a new version, or left out on purpose."""
    assert FIELDS["capture"] == tuple(column.name for column in Capture.__table__.columns)
    assert FIELDS["look"] == tuple(column.name for column in Look.__table__.columns)


def test_a_statement_as_it_is_written_in_the_docs() -> None:
    said = canonical(statement(sealable("look", look(7)), NOON))
    assert said == (
        b'{"kind":"look","row":{"at":"2024-02-05T12:00:00.001234Z","column":"nb","entries":3,"id":7,"outcome":"healthy",'
        b'"pages":1,"portal":"shili","reason":"","run_id":1,"status":200,"url":"http://127.0.0.1/nb/"},'
        b'"sealed_at":"2024-02-05T12:00:00.001234Z"}'
    )
    inner = hashlib.sha256(said).digest()
    assert digest(sealable("look", look(7)), NOON) == inner.hex()
    packed = struct.pack("B32s32s", 1, bytes(32), inner)
    assert link_hash(GENESIS, inner.hex()) == hashlib.sha256(packed).hexdigest()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        # RFC 8785, 3.2.2.2 and 3.2.3: the shortest escapes, everything else as UTF-8
        ('€$\u000f\nA\'B"\\\\"/', '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'),
        ({"b": None, "a": [True, False, 10]}, '{"a":[true,false,10],"b":null}'),
        ("\u007f\u2028\U0001f600", '"\u007f\u2028\U0001f600"'),
    ],
)
def test_the_canonical_form(value: object, expected: str) -> None:
    assert canonical(value).decode() == expected


@pytest.mark.parametrize("value", [1.5, float("nan"), 2**53 + 1, {"键": 1}, {1: 2}, b"x", NOON])
def test_what_others_could_read_differently_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical({"a": [value]})


TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abcXYZ_1"), inner),
)


@given(JSON)
def test_the_canonical_form_is_the_value_and_one_only(value: object) -> None:
    said = canonical(value)
    assert json.loads(said) == value
    assert canonical(json.loads(said)) == said


def test_each_link_follows_the_one_before() -> None:
    rows = [sealable("look", look(id_)) for id_ in (1, 2, 5)]
    made = list(links(rows, GENESIS, NOON))
    assert [link.previous for link in made] == [GENESIS, made[0].hash, made[1].hash]
    other = list(links([rows[0], sealable("look", look(2, reason="x")), rows[2]], GENESIS, NOON))
    assert [a.hash == b.hash for a, b in zip(made, other, strict=True)] == [True, False, False]
    later = list(links(rows, GENESIS, NOON + dt.timedelta(microseconds=1)))
    assert later[0].hash != made[0].hash


def test_kinds_are_interleaved_by_their_moments_and_keep_their_order() -> None:
    captures = [(1, 0), (2, 9), (3, 4)]  # the third was made before the second: ids go before moments
    looks = [(1, 3), (2, 9)]
    empty = dict.fromkeys(FIELDS["capture"])
    made_captures = [
        sealable("capture", empty | look(id_, at) | {"fetched_at": look(id_, at)["at"]}) for id_, at in captures
    ]
    found = interleaved(made_captures, [sealable("look", look(id_, at)) for id_, at in looks])
    assert [(row.kind[0], row.id) for row in found] == [("c", 1), ("l", 1), ("c", 2), ("c", 3), ("l", 2)]
