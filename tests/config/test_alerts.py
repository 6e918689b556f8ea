"""The examples of subscriptions are valid, and every word that may be written is explained."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from config.alerts import Alerts, Calendar, Edition, EventKind, Severity, Speaks, Subscription, Weekday, When
from config.env import PACKAGED_CONFIG
from config.schema import AgencyKind, Level

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "alerts.md").read_text(encoding="utf-8")

DEFAULT = Calendar.model_validate(Calendar().model_dump())


def commented_example() -> Any:
    """What stands behind the comment signs of the packaged alerts.yml."""
    lines = (PACKAGED_CONFIG / "alerts.yml").read_text(encoding="utf-8").splitlines()
    begin = lines.index("# subscriptions:")
    return yaml.safe_load("\n".join(line[2:] for line in lines[begin:-1]))


def test_the_packaged_example_is_valid_and_shows_every_way() -> None:
    alerts = Alerts.model_validate(commented_example())
    assert {one.when for one in alerts.subscriptions} == set(When)
    assert alerts.calendar == DEFAULT
    assert set(alerts.subscriptions[0].editions) == set(Edition)


def test_the_example_of_the_docs_names_every_key() -> None:
    example = yaml.safe_load(DOCUMENT.split("```yaml")[1].split("```")[0])
    alerts = Alerts.model_validate(example)
    assert set(example["subscriptions"][0]) == set(Subscription.model_fields)
    assert alerts.calendar == DEFAULT


def test_every_word_is_explained() -> None:
    words: list[Any] = [*EventKind, *When, *Edition, *Severity, *Speaks, *Level, *AgencyKind]
    assert [word.value for word in words if not re.search(rf"\b{word.value}\b", DOCUMENT)] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"hour": 24},
        {"hour": -1},
        {"weekday": "someday"},
        {"when": "monthly"},
        {"editions": ["never"]},
        {"to": "nobody"},
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Subscription.model_validate({"name": "office", "to": "office@example.org", **wrong})


def test_the_calendar_is_sorted_and_bounded() -> None:
    assert Calendar(run_up_days=(3, 30, 3, 12)).run_up_days == (3, 12, 30)
    with pytest.raises(ValidationError):
        Calendar(reminder_days=(0,))
    assert next(iter(Weekday)) is Weekday.MONDAY  # as date.weekday() counts
