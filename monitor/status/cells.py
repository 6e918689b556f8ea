"""The cells of the statutory form as HTML, made in Python: with macros of a template its four hundred cells cost most of a page.

May touch nothing: cells in, escaped markup out; what is the same in many cells is made once.
"""

from functools import lru_cache

from markupsafe import Markup

from crawler.model import CellState
from monitor.status.views.form import FormCell
from monitor.wording import Language, say


@lru_cache(maxsize=4096)
def _face(state: CellState | None, number: str, unit: str, certain: bool, proposal: str, language: Language) -> Markup:
    if state is None:
        return Markup('<span class="kind">{}</span>').format(say("page.form.unread", language))
    if state is CellState.NUMBER:
        money = Markup(' <span class="unit">{}</span>').format(unit) if unit == "元" else Markup("")
        mark = Markup("") if certain else _mark(language)
        return Markup('<span class="number">{}</span>{}{}').format(number, money, mark)
    word = Markup('<span class="kind">{}</span>').format(say(f"page.cell.{state.value}", language))
    if not proposal:
        return word
    inferred = say("page.form.proposal", language)
    return word + Markup(' <span class="proposal">{} {}</span>').format(inferred, proposal)


def _mark(language: Language) -> Markup:
    told = say("page.form.uncertain", language)
    return Markup(
        '<span class="mark" title="{}"><span aria-hidden="true">~</span><span class="unseen">{}</span></span>'
    ).format(told, told)


def cell_face(cell: FormCell, language: Language) -> Markup:
    """What stands in the cell: its number with unit and sign of doubt, or the word for its state."""
    return _face(cell.state, cell.number, cell.unit, cell.certain, cell.proposal, language)


def form_cell(cell: FormCell, anchor: str, language: Language) -> Markup:
    """The cell in the form's table: a link to its line in the list of all cells, where there is anything to be told of it."""
    kind = cell.state.value if cell.state else "unread"
    classes = f"c-{kind}{'' if cell.certain else ' uncertain'}{' proposed' if cell.proposal else ''}"
    span = Markup(' colspan="{}"').format(cell.columns) if cell.columns > 1 else Markup("")
    face = cell_face(cell, language)
    if cell.state is None or (not cell.raw and not cell.place):
        return Markup('<td class="{}"{}><span class="fact">{}</span></td>').format(classes, span, face)
    return Markup('<td class="{}"{}><a class="fact" href="#{}-{}">{}{}</a></td>').format(
        classes, span, anchor, cell.code, face, _readout(cell, language)
    )


def _readout(cell: FormCell, language: Language) -> Markup:
    pairs = [
        (say("page.form.raw", language), cell.raw or say("page.form.nothing", language)),
        (say("page.form.place", language), cell.place),
    ]
    if not cell.certain:
        pairs.append(("~", say("page.form.uncertain", language)))
    if cell.proposal:
        pairs.append(("*", say("page.form.proposal_long", language, value=cell.proposal)))
    said = Markup(" ").join(Markup("<b>{}</b> {}").format(label, text) for label, text in pairs)
    return Markup('<span class="readout">{}</span>').format(said)


def cell_line(cell: FormCell, anchor: str, view_of: str, language: Language) -> Markup:
    """The cell's line in the list of all cells. `view_of`: the address at which the archived document is shown."""
    state = say(f"cell_state.{cell.state.value}" if cell.state else "page.form.unread", language)
    place: str | Markup = _han(cell.place, language)
    if cell.spot:
        place = Markup('<a href="{}?{}#place">{}</a>').format(view_of, cell.spot, place)
    return Markup(
        '<tr id="{}-{}"><th scope="row">{}<br><code>{}</code></th><td>{}</td><td class="figure-column">{}</td>'
        "<td>{}</td><td>{}</td></tr>"
    ).format(
        anchor,
        cell.code,
        _han(cell.label, language),
        cell.code,
        state,
        _value(cell, language),
        _han(cell.raw, language),
        place,
    )


def _value(cell: FormCell, language: Language) -> Markup:
    if cell.number:
        doubt = Markup("")
        if not cell.certain:
            doubt = Markup('<br><span class="review">{}</span>').format(say("page.form.uncertain", language))
        return Markup('<span class="number">{}</span> {}{}').format(cell.number, _han(cell.unit, language), doubt)
    if cell.proposal:
        inferred = say("page.form.proposal", language)
        return Markup('<span class="proposal">{} {}</span>').format(inferred, cell.proposal)
    return Markup("")


@lru_cache(maxsize=4096)
def _han(text: str, language: Language) -> Markup:
    """Chinese as it stands in a document or a form."""
    attribute = Markup("") if language == "zh" else Markup(' lang="zh-CN"')
    return Markup("<span{}>{}</span>").format(attribute, text) if text else Markup("")


CELLS = {"cell_face": cell_face, "form_cell": form_cell, "cell_line": cell_line}  # for the templates
