"""A statistics annex that is no table → its lines: paragraphs of a label and what belongs to it. Touches nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.model import Document, Paragraph, Place
from crawler.reports import numbers
from crawler.reports.annex.indicators import LONGEST_LINE, Indicators, is_figure, is_unit, unit_in
from crawler.reports.annex.lines import Line, Value, label_in, take_own_cell

# Prose has headings that are called like lines of the annex; lines of text must have their values.
_FEWEST_LINES = 10
_LONGEST_GAP = 2  # paragraphs that nobody knows within the lines of an annex
_MOST_WORDS = 12  # of one label, where an editor put spaces into it


@dataclass
class TextReader:
    indicators: Indicators

    def runs(self, document: Document) -> Iterator[list[Line]]:
        """Stretches of paragraphs that are the lines of an annex."""
        run: list[Line] = []
        gap: list[Line] = []
        for block, content in enumerate([*document.blocks, None], start=1):
            found = self._paragraph(content, block) if isinstance(content, Paragraph) else None
            if found:
                run += [*gap, *found]
                gap = []
            elif found is None and run and isinstance(content, Paragraph) and len(gap) < _LONGEST_GAP:
                gap.append(Line(content.text, "", Place(block, page=content.page, box=content.box)))
            elif found is None:
                if self._is_annex(run):
                    yield run
                run, gap = [], []

    def _is_annex(self, run: Sequence[Line]) -> bool:
        names = {line.name for line in run if line.values or line.blanks if self.indicators.is_indicator(line.name)}
        return len(names) >= _FEWEST_LINES

    def _paragraph(self, content: Paragraph, block: int) -> list[Line] | None:
        """The lines of a paragraph, none for words of the form that state nothing; None for anything else."""
        if len(content.text) > LONGEST_LINE:
            return None
        words = content.text.split()
        if self.indicators.is_footer(content.text) or self.indicators.is_neutral(content.text):
            return []
        if self.indicators.role(content.text) or all(self.indicators.role(word) for word in words):
            return []
        lines: list[Line] = []
        while words:
            length = self._label_length(words)
            if length:
                if lines and not (lines[-1].values or lines[-1].blanks or lines[-1].units):
                    return None  # two labels and nothing between them: prose
                text = " ".join(words[:length])
                place = Place(block, page=content.page, box=content.box)
                lines.append(Line(text, label_in(text, self.indicators), place, half=len(lines)))
                take_own_cell(lines[-1], self.indicators)
                words = words[length:]
            elif lines and (is_unit(words[0]) or is_figure(words[0]) or numbers.is_blank(words[0])):
                _take_word(lines[-1], words.pop(0))
            else:
                return None
        return lines

    def _label_length(self, words: Sequence[str]) -> int:
        """How many of the first words make up a label; 0 for none."""
        for length in range(min(len(words), _MOST_WORDS), 0, -1):
            if self.indicators.named("".join(words[:length])):
                return length
        return 1 if label_in(words[0], self.indicators) else 0


def _take_word(line: Line, word: str) -> None:
    if is_unit(word):
        line.units.append(unit_in(word))
    elif numbers.is_blank(word):
        line.blanks.add(None)
    else:
        line.values.append(Value(word))
