"""Which numbers of the reports are drawn over the years, by the codes of their cells. May touch nothing.

One series is one meaning: the same code in every form that has it, or the sum that goes on with it (config/crosswalk.yml says
which do, and a test compares). What another form counts in another way is a series of its own, so that no line joins what the
forms do not: 收到申请数 of the annex of 2014 to 2018 is not 本年新收 of table three, 本年新制作数量 of 2019 not 本年制发件数 of 2021.
"""

from dataclasses import dataclass
from typing import Final

from monitor.status.views.chart import Kind


@dataclass(frozen=True, slots=True)
class Indicator:
    """A series. `key`: a wording key below `indicator`. `sums`: the codes that are added up, one tuple for each way in which
    forms split the same heading: the first one counts of which the form has every code.
    """

    key: str
    sums: tuple[tuple[str, ...], ...]

    @property
    def is_sum(self) -> bool:
        return any(len(codes) > 1 for codes in self.sums)


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart. `key`: a wording key below `plot`; `unit` as of the codes."""

    key: str
    kind: Kind
    unit: str
    indicators: tuple[Indicator, ...]


def _one(key: str, code: str) -> Indicator:
    return Indicator(key, ((code,),))


def _rows(heading: str, *rows: str) -> tuple[str, ...]:
    """The cells 总计 of some rows of table three."""
    return tuple(f"requests.{heading}.{row}.total" for row in rows)


REFUSED: Final = _rows(
    "refused",
    "state_secret",
    "law_forbids",
    "security_stability",
    "third_party",
    "internal_affairs",
    "process_information",
    "enforcement_files",
    "administrative_query",
)
UNAVAILABLE: Final = _rows("unavailable", "not_held", "needs_creation", "unclear_after_correction")
NOT_PROCESSED: Final = _rows("not_processed", "petition", "repeat", "publication", "excessive", "confirm_or_reissue")
OTHER: Final = _rows("other", "overdue_correction", "overdue_fee", "other")

PLOTS: Final = (
    Plot(
        "requests",
        "line",
        "件",
        (
            _one("received", "requests.received.total"),
            _one("carried_in", "requests.carried_in.total"),
            _one("processed", "requests.processed_total.total"),
            _one("carried_out", "requests.carried_out.total"),
            _one("annex_received", "annex.requests.received"),
            _one("annex_completed", "annex.requests.completed"),
        ),
    ),
    Plot(
        "outcomes",
        "stacked",
        "件",
        (
            _one("granted", "requests.granted.total"),
            _one("partly_granted", "requests.partly_granted.total"),
            Indicator("refused", (REFUSED,)),
            Indicator("unavailable", (UNAVAILABLE,)),
            Indicator("not_processed", (NOT_PROCESSED,)),
            Indicator("other_outcomes", (("requests.other.total",), OTHER)),  # one line in 2019, three in 2021
        ),
    ),
    Plot(
        "disputes",
        "line",
        "件",
        (
            _one("review", "review.total"),
            _one("litigation_direct", "litigation_direct.total"),
            _one("litigation_after_review", "litigation_after_review.total"),
            _one("annex_review", "annex.review.total"),
            _one("annex_litigation", "annex.litigation.total"),
        ),
    ),
    Plot(
        "decisions",
        "line",
        "件",
        (
            _one("licences", "proactive.licences.decisions"),
            _one("penalties", "proactive.penalties.decisions"),
            _one("coercive_measures", "proactive.coercive_measures.decisions"),
        ),
    ),
    *(
        Plot(
            kind,
            "line",
            "件",
            (
                _one("made", f"proactive.{kind}.made"),
                _one("published", f"proactive.{kind}.published"),
                _one("public_total", f"proactive.{kind}.public_total"),
                _one("issued", f"proactive.{kind}.issued"),
                _one("repealed", f"proactive.{kind}.repealed"),
                _one("in_force", f"proactive.{kind}.in_force"),
            ),
        )
        for kind in ("rules", "normative_documents")
    ),
    Plot("fees", "bars", "元", (_one("fees_amount", "proactive.fees.amount"),)),
    Plot(
        "annex_disclosed",
        "line",
        "条",
        (
            _one("annex_items", "annex.disclosed.items"),
            _one("annex_documents", "annex.disclosed.normative_documents"),
        ),
    ),
)
CODES: Final = frozenset(
    code for plot in PLOTS for indicator in plot.indicators for codes in indicator.sums for code in codes
)
