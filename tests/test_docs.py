"""The docs name everything that can be set, seen or added, and nothing that is not there."""

import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from config.env import Settings
from config.schema import Column, Portal
from crawler.formats import FORMATS
from crawler.model import CellState, LookOutcome
from crawler.reports import templates
from crawler.reports.crosswalk import Kind
from crawler.store.session import head
from monitor.__main__ import main
from monitor.channels import CHANNELS
from monitor.checks import CHECKS
from monitor.model import State
from spiders import FAMILIES

ROOT = Path(__file__).resolve().parent.parent
DOCS = sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").glob("*.md"))


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def in_code(name: str) -> set[str]:
    """Everything that a document writes as `code`."""
    return set(re.findall(r"`([^`\n]+)`", text(name)))


def test_every_setting_is_documented_and_no_other() -> None:
    wanted = {f"GONGKAI_{name.upper()}" for name in Settings.model_fields}
    assert {word for word in in_code("docs/settings.md") if word.startswith("GONGKAI_")} == wanted


def test_every_key_of_a_portal_is_documented() -> None:
    documented = text("docs/portals.md")
    keys = {*Portal.model_fields, *Column.model_fields} - {"slug"}
    assert [key for key in keys if not re.search(rf"\b{key}\b", documented)] == []


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("docs/portals.md", [*FAMILIES, *(outcome.value for outcome in LookOutcome)]),
        ("docs/method.md", [state.value for state in State]),
        ("docs/method.md", [*templates.load(), *(kind.value for kind in Kind)]),
        ("README.md", [state.value for state in CellState]),
        ("README.zh-CN.md", [state.value for state in CellState]),
        ("docs/alerts.md", list(CHANNELS)),
    ],
)
def test_every_word_of_a_registry_is_documented(document: str, words: list[str]) -> None:
    assert [word for word in words if word not in in_code(document)] == []


def test_every_check_is_documented() -> None:
    documented = text("docs/method.md")
    assert [check.name for check in CHECKS if f"`{check.name}`" not in documented] == []


def test_every_format_is_named_in_the_readme() -> None:
    said = text("README.md").lower()
    assert [module.NAME for module in FORMATS if module.NAME not in said] == []


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_commands_of_the_readme_exist(name: str) -> None:
    commands = set(re.findall(r"(?:^ +|`)gongkai ([a-z]+)", text(name), flags=re.M))
    assert commands >= {"read", "crawl", "run", "migrate"}
    for command in sorted(commands):
        result = CliRunner().invoke(main, [command, "--help"])
        assert result.exit_code == 0, (command, result.output)


def test_every_make_target_in_the_docs_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), flags=re.M))
    for document in DOCS:
        for target in re.findall(r"`?make ([a-z-]+)`?", document.read_text(encoding="utf-8")):
            assert target in targets | {"it", "sure"}, (document.name, target)


def test_links_between_documents_lead_somewhere() -> None:
    for document in DOCS:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (document.parent / target).exists(), (document.name, target)


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_every_document_is_found_from_the_readme(name: str) -> None:
    said = text(name)
    assert [path.name for path in sorted((ROOT / "docs").glob("*.md")) if f"](docs/{path.name})" not in said] == []


def test_the_console_script_and_the_schema_are_there() -> None:
    project = tomllib.loads(text("pyproject.toml"))["project"]
    assert project["name"] == "gongkai-watch"
    assert project["scripts"] == {"gongkai": "monitor.__main__:main"}
    assert head()


def test_nothing_of_one_machine_or_one_index_is_in_the_requirements() -> None:
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if "://" in line or line.startswith("-") or "file:" in line] == []
        pins = [line for line in lines if re.match(r"[a-z0-9]", line)]
        assert pins
        assert [line for line in pins if "==" not in line] == []
