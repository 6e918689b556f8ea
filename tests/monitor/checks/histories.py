"""Random histories for the property tests of judging: what really happened, and what visits saw of it.

The truth is documents that stand in columns from minute to minute. Visits see it truly or not at all: a healthy look lists
everything that stands in the column when it reads the list, and the pages are opened between that moment and its end. `see`
makes of it the facts that crawler.store would keep (as crawler.store.writes.visit does), and a log of what each look and
each answer really showed. The oracles of test_histories know the truth and the log, and nothing of the code that judges.

Readings are right or undecided: what a wrong reading does is no matter of judging.

Long, because the truth, the visits and what they log are one machine.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from hypothesis import strategies as st

from config.deadlines import Deadlines, DueDay, LocalRule
from config.schema import Agency, AgencyKind, YearSpan
from crawler.model import DateEvidence, DateSource, LookOutcome
from monitor.days import begin_of, day_of
from monitor.model import AgencyFacts, ColumnFacts, EntryFacts, ListChange, LookFact, PageCapture, ReadingFact
from tests.monitor.checks.history import AGENCY, DEADLINES, facts, of_kind

DAY = 24 * 60  # minutes; all times of a history are minutes from its start
DAYS_BEFORE, DAYS_AFTER = 16, 24  # the due day, which is the history's reference
DUE_OVER = (DAYS_BEFORE + 1) * DAY
END = (DAYS_BEFORE + 1 + DAYS_AFTER) * DAY
ALWAYS = -(10**9)
Holds = Literal["report", "other_year", "nothing"]
SEEING = (LookOutcome.HEALTHY, LookOutcome.EMPTY)
BLIND = tuple(outcome for outcome in LookOutcome if outcome not in SEEING)


@dataclass(frozen=True)
class Subject:
    """Who is judged for which report year. `local`: a day of the supervising office, as many days before the law's.

    Where the law names no day the local one is the due day. `owes`: whether there was an office that had to publish.
    """

    agency: Agency
    year: int
    local: DueDay | None = None
    owes: bool = True

    @cached_property
    def deadlines(self) -> Deadlines:
        if self.local is None:
            return DEADLINES
        rule = LocalRule(
            id="shili", years=YearSpan(first=2007), due=self.local, citation_zh="示例〔2024〕1号", citation_en="Notice"
        )
        return DEADLINES.model_copy(update={"local": (rule,)})

    @cached_property
    def due(self) -> dt.date | None:
        """The day by which the state is judged."""
        rule = DEADLINES.rule_for(self.agency, self.year)
        if rule is None:
            return None
        day = rule.due or self.local
        return None if day is None else day.of(self.year)

    @cached_property
    def local_over(self) -> int | None:
        """The first minute after the local day, where it is another than the due day."""
        if self.local is None or self.due is None or self.local.of(self.year) == self.due:
            return None
        return DUE_OVER - (self.due - self.local.of(self.year)).days * DAY

    @cached_property
    def start(self) -> dt.datetime:
        return begin_of((self.due or dt.date(self.year + 1, 1, 31)) - dt.timedelta(days=DAYS_BEFORE))

    def moment(self, minute: int) -> dt.datetime:
        return self.start + dt.timedelta(minutes=minute)


TOWNSHIP = of_kind(AgencyKind.TOWNSHIP)
SUBJECTS = (
    Subject(AGENCY, 2023),  # due on 31 January of a leap year
    Subject(AGENCY, 2023, DueDay(month=1, day=25)),
    Subject(of_kind(AgencyKind.GOVERNMENT), 2023),  # due on 31 March
    Subject(AGENCY, 2018),  # due on 31 March, by the Regulation of 2007
    Subject(TOWNSHIP, 2023, DueDay(month=1, day=31)),  # by the supervising office's day alone
    Subject(TOWNSHIP, 2023),  # no day
    Subject(AGENCY, 2007),  # no rule
    Subject(of_kind(AgencyKind.DEPARTMENT, valid_from=dt.date(2024, 1, 1)), 2023, owes=False),
    Subject(of_kind(AgencyKind.DEPARTMENT, valid_from=dt.date(2023, 12, 31)), 2023),
    Subject(of_kind(AgencyKind.DEPARTMENT, valid_to=dt.date(2024, 1, 30)), 2023, owes=False),
    Subject(of_kind(AgencyKind.DEPARTMENT, valid_to=dt.date(2024, 1, 31)), 2023),
)


@dataclass(frozen=True)
class Content:
    """What a page shows. `reading` None: nobody has read it."""

    sha256: str
    holds: Holds
    title: str
    reading: ReadingFact | None


@dataclass(frozen=True)
class Document:
    """A page and its row in a column's list. `listed`: (from, before) spans; `contents`: by the minute of their beginning.

    `page_stays`: the page answers after it left the list. `article`: it is the column's own address, which shows the
    newest report alone. `reimported`: it came up with many others when its portal was moved.
    """

    id: int
    column: int
    listed: tuple[tuple[int, int], ...]
    contents: tuple[tuple[int, Content], ...]
    list_day: int | None = None
    page_stays: bool = False
    article: bool = False
    reimported: bool = False

    def is_listed(self, minute: int) -> bool:
        return any(first <= minute < last for first, last in self.listed)

    def answers(self, minute: int) -> bool:
        return self.is_listed(minute) or (self.page_stays and minute >= self.listed[0][0])

    def content(self, minute: int) -> Content:
        return [content for since, content in self.contents if since <= minute][-1]

    def holds_report(self, minute: int) -> bool:
        return self.content(minute).holds == "report"

    @property
    def ever_holds_report(self) -> bool:
        return any(content.holds == "report" for _, content in self.contents)


@dataclass(frozen=True)
class ColumnVisit:
    """How one column answered in a visit: its list is read `read_after` minutes after the beginning.

    `pages`: how the entries' pages answered; HEALTHY: as they are. `share`: how many rows an incomplete look saw.
    """

    column: int
    outcome: LookOutcome
    read_after: int
    pages: LookOutcome
    share: int


@dataclass(frozen=True)
class Visit:
    """One run at one portal. `offline`: nothing at all answered, our own network was down."""

    portal: int
    begin: int
    columns: tuple[ColumnVisit, ...]
    offline: bool = False

    @property
    def end(self) -> int:
        return self.begin + max(column.read_after for column in self.columns) + 20


@dataclass(frozen=True)
class History:
    """`portals`: the portal of each column; `moves`: when a portal was moved to another system, with all its reports."""

    subject: Subject
    portals: tuple[int, ...]
    documents: tuple[Document, ...]
    visits: tuple[Visit, ...]
    moves: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Looked:
    """What a look really saw. `read`: when it read the list; `listed`: ids of the documents in it."""

    column: int
    begun: int
    read: int
    at: int
    proving: bool
    listed: frozenset[int]


@dataclass(frozen=True)
class Shown:
    """A list or a page had this document before our eyes."""

    document: int
    at: int
    content: Content
    by: Literal["list", "page"]


@dataclass(frozen=True)
class Log:
    looks: tuple[Looked, ...]
    shown: tuple[Shown, ...]


def see(history: History, until: int) -> tuple[AgencyFacts, Log]:
    """The facts that are known at that minute, and what was really seen by then."""
    return _Crawl(history, until).run()


class _Crawl:
    def __init__(self, history: History, until: int) -> None:
        self.history, self.until = history, until
        self.looks: dict[int, list[LookFact]] = {column: [] for column in range(len(history.portals))}
        self.changes: dict[int, list[ListChange]] = {document.id: [] for document in history.documents}
        self.captures: dict[int, list[PageCapture]] = {document.id: [] for document in history.documents}
        self.import_days: dict[int, set[dt.date]] = {}
        self.looked: list[Looked] = []
        self.shown: list[Shown] = []
        self.ids = 0

    def run(self) -> tuple[AgencyFacts, Log]:
        for visit in self.history.visits:
            if not visit.offline:
                for column in visit.columns:
                    self._look(visit, column)
        history = self.history
        columns = (self._column(number, portal) for number, portal in enumerate(history.portals))
        entries = (self._entry(document) for document in history.documents)
        known = facts(
            *columns,
            entries=[entry for entry in entries if entry.changes or entry.captures],
            agency=history.subject.agency,
        )
        return known, Log(tuple(self.looked), tuple(self.shown))

    def _look(self, visit: Visit, column: ColumnVisit) -> None:
        read = visit.begin + column.read_after
        at = read + 10
        here = [document for document in self.history.documents if document.column == column.column]
        present = [document for document in here if document.is_listed(read)]
        outcome = LookOutcome.HEALTHY if present and column.outcome is LookOutcome.EMPTY else column.outcome
        if outcome is LookOutcome.INCOMPLETE:
            present = present[: column.share]
        elif outcome is not LookOutcome.HEALTHY:
            present = []
        if at <= self.until:
            self._remember(visit, column.column, outcome, read, at, here, present)
        if read + 5 <= self.until:
            self._open(here, present, read + 5, column.pages)

    def _remember(
        self,
        visit: Visit,
        column: int,
        outcome: LookOutcome,
        read: int,
        at: int,
        here: list[Document],
        present: list[Document],
    ) -> None:
        moment = self.history.subject.moment
        self.ids += 1
        seen_well = any(look.outcome.proves_absence for look in self.looks[column])
        look = LookFact(self.ids, moment(at), moment(visit.begin), outcome, captures=(self.ids + 1000,))
        self.looks[column].append(look)
        listed = frozenset(document.id for document in present)
        self.looked.append(Looked(column, visit.begin, read, at, outcome in SEEING, listed))
        for document in present:
            self.shown.append(Shown(document.id, at, document.content(read), "list"))
            before = self.changes[document.id][-1] if self.changes[document.id] else None
            title = document.content(read).title
            if before is None or before.kind == "gone":
                if document.reimported and seen_well:
                    self.import_days.setdefault(visit.portal, set()).add(day_of(moment(at)))
                self.changes[document.id].append(self._row(document, "appeared", title, at))
            elif before.title != title:
                self.changes[document.id].append(self._row(document, "changed", title, at))
        if outcome is LookOutcome.HEALTHY:
            self._miss(here, listed, visit.portal, at)

    def _row(self, document: Document, kind: Literal["appeared", "changed"], title: str, at: int) -> ListChange:
        moment = self.history.subject.moment
        day = None if document.list_day is None else day_of(moment(document.list_day * DAY))
        return ListChange(moment(at), kind, title, day, "", "report")

    def _miss(self, here: list[Document], listed: frozenset[int], portal: int, at: int) -> None:
        """What a healthy look no longer lists has left. Where the portal moves, many others leave with it."""
        known = [d for d in here if self.changes[d.id] and self.changes[d.id][-1].kind != "gone"]
        gone = [document for document in known if document.id not in listed]
        moved = any(moves == portal and minute <= at for moves, minute in self.history.moves)
        others = len(gone) - 1 + (6 if moved else 0)
        for document in gone:
            change = ListChange(
                self.history.subject.moment(at), "gone", others_left=others, others_stayed=3 + len(listed)
            )
            self.changes[document.id].append(change)

    def _open(self, here: list[Document], present: list[Document], at: int, pages: LookOutcome) -> None:
        """The pages of all entries that are known in this column."""
        for document in here:
            if not (document in present or self.changes[document.id]):
                continue
            content = document.content(at) if document.answers(at) and pages is LookOutcome.HEALTHY else None
            outcome = LookOutcome.SOFT_404 if content is None and pages is LookOutcome.HEALTHY else pages
            if content is not None:
                self.shown.append(Shown(document.id, at, content, "page"))
            self.ids += 1
            sha256 = None if content is None else content.sha256
            moment, url = self.history.subject.moment(at), self._url(document)
            self.captures[document.id].append(PageCapture(self.ids, moment, "detail", url, outcome, sha256))

    def _column(self, number: int, portal: int) -> ColumnFacts:
        return ColumnFacts(
            f"portal-{portal}", "示例网站", f"nb-{number}", "年报", _column_url(number), tuple(self.looks[number])
        )

    def _url(self, document: Document) -> str:
        return _column_url(document.column) + ("" if document.article else f"{document.id}.html")

    def _entry(self, document: Document) -> EntryFacts:
        portal = self.history.portals[document.column]
        return EntryFacts(
            id=document.id,
            portal=f"portal-{portal}",
            column=f"nb-{document.column}",
            url=self._url(document),
            changes=tuple(self.changes[document.id]),
            captures=tuple(self.captures[document.id]),
            readings={c.sha256: (c.reading,) for _, c in document.contents if c.reading is not None},
            import_days=frozenset(self.import_days.get(portal, ())),
        )


def _column_url(number: int) -> str:
    return f"http://127.0.0.1/nb-{number}/"


days = st.one_of(st.integers(0, DAYS_BEFORE + DAYS_AFTER), st.integers(DAYS_BEFORE - 1, DAYS_BEFORE + 5))
clocks = st.sampled_from((20 * 60, 0, 9 * 60, DAY - 1))
minutes = st.builds(lambda day, clock: day * DAY + clock, days, clocks)
HEALTHY = LookOutcome.HEALTHY
listing = st.sampled_from((*(HEALTHY,) * 24, LookOutcome.EMPTY, *BLIND, LookOutcome.INCOMPLETE))
answering = st.sampled_from((*(HEALTHY,) * 8, LookOutcome.SERVER_ERROR, LookOutcome.SOFT_404))
moments_of_judging = st.builds(
    lambda day, clock: day * DAY + clock, st.integers(DAYS_BEFORE - 1, DAYS_BEFORE + DAYS_AFTER), clocks
)
"""Mostly when the due day is over: before it there is little to be said wrongly."""


@st.composite
def contents(draw: st.DrawFn, subject: Subject, number: int, holds: Holds) -> Content:
    decided = draw(st.sampled_from((*("read",) * 6, "review", "unread")))
    year = subject.year if holds == "report" else subject.year + draw(st.sampled_from((-1, 1)))
    agency, name = subject.agency, f"sha-{number}"
    if holds == "nothing":
        title = "政府信息公开工作要点"
    else:
        title = draw(
            st.sampled_from((f"{agency.name}{year}年政府信息公开工作年度报告", f"{year}年年度报告", "政府信息公开年报"))
        )
    if decided == "unread":
        return Content(name, holds, title, None)
    claims = st.tuples(st.sampled_from(DateSource), st.one_of(st.integers(-3, DAYS_BEFORE + DAYS_AFTER), days))
    stated = tuple(
        DateEvidence(source, day_of(subject.moment(day * DAY)), "")
        for source, day in draw(st.lists(claims, max_size=3))
    )
    if decided == "review":
        return Content(name, holds, title, ReadingFact(number, "1", "review", candidates=(agency.id,), dates=stated))
    if holds == "nothing":
        return Content(name, holds, title, ReadingFact(number, "1", "not_a_report"))
    return Content(name, holds, title, ReadingFact(number, "1", "filed", agency.id, year, dates=stated))


@st.composite
def documents(draw: st.DrawFn, subject: Subject, number: int, columns: int) -> Document:
    """A page: the report or another one, that may become the report or cease to be it, leave and come back."""
    since = draw(minutes)
    listed = [(since, END * 2)]
    if draw(st.integers(0, 2)) == 0:
        gone = since + draw(st.integers(1, 20)) * DAY // 2
        listed = [(since, gone)]
        if draw(st.booleans()):
            listed.append((gone + draw(st.integers(1, 20)) * DAY // 2, END * 2))
    holds: Holds = draw(st.sampled_from(("report", "report", "report", "other_year", "nothing")))
    shown = [(ALWAYS, draw(contents(subject, 10 * number, holds)))]
    article = draw(st.integers(0, 5)) == 0
    if article or draw(st.integers(0, 3)) == 0:
        later: Holds = draw(st.sampled_from(("report", "other_year", "nothing")))
        shown.append((draw(minutes), draw(contents(subject, 10 * number + 1, later))))
    return Document(
        id=number,
        column=draw(st.integers(0, columns - 1)),
        listed=tuple(listed),
        contents=tuple(shown),
        list_day=draw(st.one_of(st.none(), days)),
        page_stays=draw(st.booleans()),
        article=article,
    )


@st.composite
def weather(draw: st.DrawFn, outcomes: st.SearchStrategy[LookOutcome]) -> tuple[tuple[int, LookOutcome], ...]:
    """What answers from which day on."""
    first = draw(outcomes)
    return ((0, first), *sorted(draw(st.lists(st.tuples(days, outcomes), max_size=2)), key=lambda turn: turn[0]))


def _on(found: tuple[tuple[int, LookOutcome], ...], day: int) -> LookOutcome:
    return [outcome for since, outcome in found if since <= day][-1]


@st.composite
def plans(
    draw: st.DrawFn, portals: tuple[int, ...], portal: int, outcomes: st.SearchStrategy[LookOutcome] = listing
) -> list[Visit]:
    """The visits to a portal: every so many days from one day to another, some of them with our own network down."""
    columns = [column for column, of in enumerate(portals) if of == portal]
    lists = {column: draw(weather(outcomes)) for column in columns}
    pages = {column: draw(weather(answering)) for column in columns}
    clock, every, share = draw(clocks), draw(st.sampled_from((1, 1, 2, 3, 7))), draw(st.integers(0, 2))
    read_after = draw(st.sampled_from((0, 5, 90)))
    first, last = sorted((draw(st.one_of(st.just(0), days)), draw(st.one_of(st.just(DAYS_BEFORE + DAYS_AFTER), days))))
    offline = draw(st.frozensets(days, max_size=2))
    return [
        Visit(
            portal,
            day * DAY + clock,
            tuple(
                ColumnVisit(column, _on(lists[column], day), read_after, _on(pages[column], day), share)
                for column in columns
            ),
            offline=day in offline,
        )
        for day in range(first, last + 1, every)
    ]


@st.composite
def histories(draw: st.DrawFn) -> History:
    subject = draw(st.sampled_from((*SUBJECTS[:2] * 5, *SUBJECTS)))
    portals = draw(st.sampled_from(((0,), (0,), (0,), (0, 0), (0, 1), (0, 0, 1))))
    found = [draw(documents(subject, number, len(portals))) for number in range(1, 1 + draw(st.integers(0, 3)))]
    moves = ((0, draw(minutes)),) if draw(st.integers(0, 3)) == 0 else ()
    for portal, minute in moves:
        back = minute + draw(st.integers(0, 4)) * DAY // 2
        found = [moved for one in found for moved in _moved(one, portals[one.column] == portal, minute, back)]
    made = [
        visit
        for portal in sorted(set(portals))
        for _ in range(draw(st.integers(1, 2)))
        for visit in draw(plans(portals, portal))
    ]
    return History(subject, portals, tuple(found), tuple(in_turn(made)), moves)


def _moved(document: Document, concerned: bool, minute: int, back: int) -> Iterator[Document]:
    """A document of a portal that moves: it leaves its address, and comes up at another one with another date in the list."""
    before = tuple((first, min(last, minute)) for first, last in document.listed if first < minute)
    after = tuple((max(first, back), last) for first, last in document.listed if last > back)
    if not concerned or document.article or not before or not after:
        yield document
        return
    yield replace(document, listed=before, page_stays=False)
    yield replace(document, id=document.id + 100, listed=after, list_day=back // DAY, reimported=True)


def in_turn(found: Iterable[Visit]) -> list[Visit]:
    """By time, without those that begin before the visit to the same portal has ended."""
    kept: list[Visit] = []
    for visit in sorted(found, key=lambda visit: visit.begin):
        if all(visit.begin >= other.end for other in kept if other.portal == visit.portal):
            kept.append(visit)
    return kept
