"""The whole answer to "why this state" for one agency and year, made at a given time. May touch: the store, for reading.

It reads everything that judging reads of the agency, so it costs as much as judging it: many looks, many captures.
"""

import datetime as dt

from config.errors import GongkaiError
from config.schema import Agency
from crawler.store.reads import judging as reads
from crawler.store.tables import AgencyState
from monitor.checks.assessment import assess_case
from monitor.checks.case import case_of, judged_years
from monitor.context import Context
from monitor.days import SHANGHAI
from monitor.judging import facts
from monitor.why.answer import Why, why, with_captures


def explained(context: Context, agency: Agency, year: int) -> tuple[Why, AgencyState | None]:
    """The answer at the context's time, and what is recorded. Raises GongkaiError for a year that is not judged."""
    _refuse_unjudged(agency, year, context.now)
    configuration = context.configuration
    with context.sessions() as session:
        (known,) = facts.load(session, configuration, [agency], context.now)
        case = case_of(known, year, configuration.deadlines, context.now, configuration.visits)
        answer = why(case, assess_case(case))
        looks = [look.id for column in answer.columns for look in column.looks]
        answer = with_captures(answer, reads.listing_captures(session, looks))
        return answer, reads.recorded_states(session, [agency.id]).get((agency.id, year))


def _refuse_unjudged(agency: Agency, year: int, now: dt.datetime) -> None:
    if year in judged_years(agency, now):
        return
    name = f"{agency.name}（{agency.id}）"
    if agency.watched(year):
        raise GongkaiError(
            f"{name}：{year}年度尚未结束 the year {year} is not over at {now.astimezone(SHANGHAI):%Y-%m-%d}"
        )
    spans = (f"{span.first}–{'' if span.last is None else span.last}" for span in agency.watched_years)
    watched = "、".join(spans) or "无 none"
    raise GongkaiError(f"{name}：不监测{year}年度 the year {year} is not watched; watched: {watched}")


def differs(answer: Why, recorded: AgencyState) -> bool:
    """Whether what is recorded is another state, or the same for another reason."""
    return (recorded.state, recorded.details.get("reason")) != (answer.state.value, answer.reason)
