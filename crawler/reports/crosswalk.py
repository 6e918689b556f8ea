"""Which codes of two forms mean the same: config/crosswalk.yml, loaded and checked once. Touches that file only.

A series over years asks `Crosswalk.series`; it joins nothing that cannot be joined. Checked on loading: every code
exists in the forms named, every code of every form is classified for every other form, and a code that two forms
share means the same in both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache
from itertools import product
from pathlib import Path

from pydantic import Field

from config.env import PACKAGED_CONFIG
from config.errors import ConfigError
from config.load import read_model
from config.schema import Strict
from crawler.reports import templates
from crawler.reports.templates import Template


class Kind(StrEnum):
    SAME = "same"  # one code, asked in the same way: a series goes on
    SUM = "sum"  # one code of one form is the sum of several of the other: a series goes on over the sum
    SIMILAR = "similar"  # looks the same and is not: a series ends
    NONE = "none"  # the other form does not ask for it


@dataclass(frozen=True, slots=True)
class Relation:
    """What codes of one form are to those of another. SUM: one code on the left, its parts on the right.

    `zh` and `en` give the reason, `citation` the article or the form.
    """

    kind: Kind
    template: str
    codes: tuple[str, ...]
    other: str
    counterparts: tuple[str, ...]  # codes of `other`; empty for NONE
    zh: str
    en: str
    citation: str


@dataclass(frozen=True)
class Crosswalk:
    relations: tuple[Relation, ...]
    _by_code: Mapping[tuple[str, str, str], tuple[Relation, ...]] = field(default_factory=dict)

    def of(self, code: str, template: str, other: str) -> tuple[Relation, ...]:
        """Every relation of a code of `template` to the form `other`, on whichever side it stands.

        KeyError: no such code in that form, or the two forms are one.
        """
        return self._by_code[code, template, other]

    def joins(self, code: str, template: str, other: str) -> bool:
        """Whether a series of this code goes on in the other form under the same code."""
        return any(relation.kind is Kind.SAME for relation in self.of(code, template, other))

    def series(self, code: str, template: str, other: str) -> tuple[str, ...]:
        """The codes of `other` whose sum goes on with a series of `code`; empty where no series goes on.

        One part of a sum has none: the sum of the other form cannot be taken apart.
        """
        for relation in self.of(code, template, other):
            if relation.kind is Kind.SAME:
                return (code,)
            if relation.kind is Kind.SUM and relation.template == template:
                return relation.counterparts
        return ()

    def counterparts(self, code: str, template: str, other: str) -> tuple[tuple[Kind, tuple[str, ...]], ...]:
        """For every relation its kind and the codes of `other` in it: also what only looks the same."""
        return tuple((relation.kind, _facing(relation, code, template)) for relation in self.of(code, template, other))


class _SideNode(Strict):
    templates: tuple[str, ...] = Field(min_length=1)
    codes: tuple[str, ...] = Field(min_length=1)


class _RelationNode(Strict):
    relation: Kind
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    citation: str = Field(min_length=1)
    each: tuple[str, ...] = ("",)
    # same: codes of both forms
    between: tuple[str, ...] = ()
    # none: codes of each of `of` that no form of `against` has
    of: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    # sum, similar
    left: _SideNode | None = None
    right: _SideNode | None = None


class _CrosswalkNode(Strict):
    relations: tuple[_RelationNode, ...]


@cache
def load() -> Crosswalk:
    """The crosswalk of the packaged forms. Raises ConfigError naming the file, the entry and the code."""
    return read(PACKAGED_CONFIG / "crosswalk.yml", templates.load())


def read(path: Path, forms: Mapping[str, Template]) -> Crosswalk:
    """A crosswalk for these forms. Raises ConfigError: unknown forms or codes, codes left out or said twice."""
    asked = {key: tuple(cell.code for cell in form.cells()) for key, form in forms.items() if form.blocks}
    reader = _Reader(str(path), asked)
    relations = tuple(
        relation for node in read_model(_CrosswalkNode, path).relations for relation in reader.relations(node)
    )
    return Crosswalk(relations, reader.by_code(relations))


@dataclass(frozen=True)
class _Reader:
    source: str
    asked: Mapping[str, tuple[str, ...]]  # form → its codes

    def relations(self, node: _RelationNode) -> Iterator[Relation]:
        words = {"zh": node.zh, "en": node.en, "citation": node.citation}
        if node.relation is Kind.SAME and len(node.between) == 2 and node.codes:
            form, other = node.between
            codes = [code for code in self._matching(form, node.codes) if code in self._codes(other)]
            self._all_match(node.codes, codes)
            yield from (Relation(Kind.SAME, form, (code,), other, (code,), **words) for code in codes)
        elif node.relation is Kind.NONE and node.of and node.against and node.codes:
            for form, other in product(node.of, node.against):
                self._codes(other)
                yield Relation(Kind.NONE, form, self._matching(form, node.codes), other, (), **words)
        elif node.relation in (Kind.SUM, Kind.SIMILAR) and node.left and node.right:
            for word, form, other in product(node.each, node.left.templates, node.right.templates):
                left = self._named(form, node.left.codes, word)
                right = self._named(other, node.right.codes, word)
                if node.relation is Kind.SUM and len(left) != 1:
                    raise self._error(f"和的左边只能有一项 / a sum has one code on its left: {'、'.join(left)}")
                yield Relation(node.relation, form, left, other, right, **words)
        else:
            raise self._error(f"缺少字段 / keys are missing: {node.relation.value}: {node.zh}")

    def by_code(self, relations: Iterable[Relation]) -> dict[tuple[str, str, str], tuple[Relation, ...]]:
        """(code, form, other form) → its relations; every code of every form is there."""
        found: dict[tuple[str, str, str], tuple[Relation, ...]] = {}
        for relation in relations:
            for code in relation.codes:
                key = (code, relation.template, relation.other)
                found[key] = (*found.get(key, ()), relation)
            for code in relation.counterparts:
                key = (code, relation.other, relation.template)
                found[key] = (*found.get(key, ()), relation)
        for form, other in product(self.asked, self.asked):
            for code in self.asked[form] if form != other else ():
                self._check(code, form, other, found.get((code, form, other), ()))
        return found

    def _check(self, code: str, form: str, other: str, relations: tuple[Relation, ...]) -> None:
        kinds = {relation.kind for relation in relations}
        where = f"{code}: {form} → {other}"
        if not relations:
            raise self._error(f"没有说明 / not classified: {where}")
        if (len(kinds) > 1 or len(relations) > 1) and kinds != {Kind.SIMILAR}:
            raise self._error(f"说明重复或矛盾 / classified twice: {where}")
        if (code in self.asked[other]) != (kinds == {Kind.SAME}):
            raise self._error(f"同一代码必须同义，不同代码不能写作 same / one code, one meaning: {where}")

    def _codes(self, form: str) -> tuple[str, ...]:
        if form not in self.asked:
            raise self._error(f"没有这种格式 / no such form: {form}")
        return self.asked[form]

    def _matching(self, form: str, patterns: tuple[str, ...]) -> tuple[str, ...]:
        codes = tuple(code for code in self._codes(form) if any(fnmatchcase(code, pattern) for pattern in patterns))
        self._all_match(patterns, codes)
        return codes

    def _all_match(self, patterns: Iterable[str], codes: Iterable[str]) -> None:
        known = tuple(codes)
        for pattern in patterns:
            if not any(fnmatchcase(code, pattern) for code in known):
                raise self._error(f"没有这样的代码 / no such code: {pattern}")

    def _named(self, form: str, codes: tuple[str, ...], word: str) -> tuple[str, ...]:
        named = tuple(code.replace("{each}", word) for code in codes)
        for code in named:
            if code not in self._codes(form):
                raise self._error(f"没有这样的代码 / no such code: {code}（{form}）")
        return named

    def _error(self, message: str) -> ConfigError:
        return ConfigError(f"{self.source}: relations: {message}")


def _facing(relation: Relation, code: str, template: str) -> tuple[str, ...]:
    """The codes on the side where this code of this form does not stand."""
    stands_left = relation.template == template and code in relation.codes
    return relation.counterparts if stands_left else relation.codes
