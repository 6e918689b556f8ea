"""Which agency a person means: by its id, or by a name that the registry knows. May touch nothing."""

from config.errors import GongkaiError
from config.load import Configuration
from config.schema import Agency
from crawler.agencies import Registry

NAMED = 10  # agencies that are listed where several are meant


def agency_named(configuration: Configuration, wanted: str, year: int | None = None) -> Agency:
    """The agency with this id, name, alias or former name. `year`: a former name has to be one that its report may bear.

    Raises GongkaiError where none is known, and where several are meant: those are listed.
    """
    if wanted in configuration.agencies:
        return configuration.agencies[wanted]
    hits = Registry(configuration.agencies).named(wanted)
    fit = [hit for hit in hits if year is None or hit.until is None or hit.until >= year]
    best = [hit.agency for hit in fit if hit.likeness is max(other.likeness for other in fit)]
    if not best:
        raise GongkaiError(f"登记表中没有这个单位 no agency of agencies.csv is called {wanted}")
    if len(best) > 1:
        listed = "、".join(f"{agency.id}（{agency.name}）" for agency in best[:NAMED])
        more = f" … {len(best)}" if len(best) > NAMED else ""
        raise GongkaiError(
            f"{wanted} 指的可能是多个单位，请给出编号 may mean several agencies, give the id: {listed}{more}"
        )
    return best[0]
