"""Reads and cross-checks the whole configuration; an error names file, line and key and says what to do.

May touch: the files below one folder, for reading. Raises ConfigError only.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from config.agencies import load_agencies as load_agencies
from config.alerts import Alerts
from config.changes import ChangeRules
from config.deadlines import Deadlines
from config.env import PACKAGED_CONFIG
from config.errors import ConfigError, first_problem
from config.rulebook import refusals
from config.schema import Agency, Portal
from config.visits import VisitRules

MAX_BYTES = 64 * 2**20
Model = TypeVar("Model", bound=BaseModel)


@cache
def packaged_changes() -> ChangeRules:
    """The program's own rules of how much a change weighs."""
    return read_model(ChangeRules, PACKAGED_CONFIG / "changes.yml")


@dataclass(frozen=True)
class Configuration:
    """Everything a user may write, read once and cross-checked."""

    agencies: dict[str, Agency]
    portals: dict[str, Portal]
    deadlines: Deadlines
    alerts: Alerts
    visits: VisitRules = field(default_factory=VisitRules)
    changes: ChangeRules = field(default_factory=packaged_changes)

    def columns_of(self, agency_id: str) -> tuple[tuple[str, str], ...]:
        """The (portal slug, column key) pairs in which the agency's reports are looked for."""
        return self._columns.get(agency_id, ())

    def successors_of(self, agency_id: str) -> tuple[Agency, ...]:
        """The agencies that name it as their predecessor, in the registry's order."""
        return self._successors.get(agency_id, ())

    @cached_property
    def _successors(self) -> dict[str, tuple[Agency, ...]]:
        found: dict[str, tuple[Agency, ...]] = {}
        for agency in self.agencies.values():
            if agency.predecessor is not None:
                found[agency.predecessor] = (*found.get(agency.predecessor, ()), agency)
        return found

    @cached_property
    def _columns(self) -> dict[str, tuple[tuple[str, str], ...]]:
        found: dict[str, dict[tuple[str, str], None]] = defaultdict(dict)
        for portal in self.portals.values():
            for column in portal.columns if portal.enabled else ():
                for agency_id in column.agencies:
                    found[agency_id][portal.slug, column.key] = None
        return {agency_id: tuple(columns) for agency_id, columns in found.items()}


def load(folder: Path, families: frozenset[str] | None = None) -> Configuration:
    """Reads `folder`. With `families` given, a portal of any other family is refused."""
    agencies = load_agencies(folder / "agencies.csv")
    portals: dict[str, Portal] = {}
    for path in sorted((folder / "portals").glob("*.yml")):
        portals[path.stem] = load_portal(path, agencies, families)
    return Configuration(
        agencies=agencies,
        portals=portals,
        deadlines=load_deadlines(folder / "deadlines.yml", agencies),
        alerts=_checked_alerts(folder / "alerts.yml", agencies),
        visits=_visits(folder / "visits.yml"),
        changes=_changes(folder / "changes.yml"),
    )


def load_portal(path: Path, agencies: dict[str, Agency], families: frozenset[str] | None = None) -> Portal:
    """One portals/*.yml. The file's name is the slug; every agency it names must be registered."""
    portal = read_model(Portal, path, slug=path.stem)
    if families is not None and portal.family not in families:
        raise ConfigError(f"{path}: family: {portal.family!r} is none of {', '.join(sorted(families))}")
    for column in portal.columns:
        for agency_id in column.agencies:
            if agency_id not in agencies:
                raise ConfigError(f"{path}: columns/{column.key}/agencies: {agency_id} is no id of agencies.csv")
    return portal


def load_deadlines(path: Path, agencies: dict[str, Agency]) -> Deadlines:
    """A deadlines.yml, cross-checked: local rules name registered agencies and no later day than the law."""
    deadlines = read_model(Deadlines, path)
    for problem in refusals(deadlines, agencies):
        raise ConfigError(f"{path}: {problem}")
    return deadlines


def _visits(path: Path) -> VisitRules:
    """A folder without visits.yml is visited by the plan of the program."""
    return read_model(VisitRules, path) if path.exists() else VisitRules()


def _changes(path: Path) -> ChangeRules:
    """A folder without changes.yml weighs changes by the rules of the program."""
    return read_model(ChangeRules, path) if path.exists() else packaged_changes()


def _checked_alerts(path: Path, agencies: dict[str, Agency]) -> Alerts:
    alerts = read_model(Alerts, path)
    names = [subscription.name for subscription in alerts.subscriptions]
    for subscription in alerts.subscriptions:
        if names.count(subscription.name) > 1:
            raise ConfigError(f"{path}: subscriptions: the name {subscription.name} stands here twice")
        for agency_id in subscription.agencies:
            if agency_id not in agencies:
                raise ConfigError(
                    f"{path}: subscriptions/{subscription.name}/agencies: {agency_id} is no id of agencies.csv"
                )
    return alerts


def read_model(model: type[Model], path: Path, **given: str) -> Model:
    """A YAML file as one value of `model`; `given` is what follows from the file's name. Raises ConfigError."""
    data = read_yaml(path)
    if not isinstance(data, dict):
        raise ConfigError(f"{path}: a mapping (key: value) is expected at the top")
    for key in given:
        if key in data:
            raise ConfigError(f"{path}: {key} follows from the file's name; take the line out")
    try:
        return model.model_validate(data | given)
    except ValidationError as error:
        raise ConfigError(f"{path}: {first_problem(error)}") from error


def read_yaml(path: Path) -> Any:
    """A YAML file without aliases or tags, at most 64 MiB. Raises ConfigError with the line."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ConfigError(f"{path}: larger than {MAX_BYTES >> 20} MiB")
        text = path.read_text(encoding="utf-8-sig")
        _refuse_aliases(text)
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a SafeLoader with less, see below
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ConfigError(f"{path}{line}: {error.problem}") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: {error}") from error


# libyaml, where PyYAML was built with it, reads a country's portals in seconds instead of half a minute.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_SafeLoader):  # type: ignore[misc]  # one of two classes, known at run time only
    """SafeLoader that refuses a key that stands twice."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {key!r} stands here twice", problem_mark=key_node.start_mark
                )
            seen.add(key)
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        return found


def _refuse_aliases(text: str) -> None:
    """The billion-laughs road. Raises yaml.MarkedYAMLError."""
    for event in yaml.parse(text, Loader=_SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            where: Any = event.start_mark  # libyaml's marks and PyYAML's are two classes of one shape
            raise yaml.MarkedYAMLError(problem="aliases (*name) are not allowed here", problem_mark=where)
