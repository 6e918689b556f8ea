"""Which agencies a circular is about. May touch nothing."""

import re
from collections.abc import Collection, Iterable

from config.errors import GongkaiError
from config.load import Configuration
from config.schema import Agency, AgencyKind, Level


def region_of(text: str, configuration: Configuration) -> tuple[str, str]:
    """The beginning of region codes that `text` means, and the region's name ("" if no agency lies just there).

    A code of GB/T 2260 (371500, 3715) means the region with all below it; so does the name in the registry. Raises
    GongkaiError: no agency lies there, or the name is that of two regions.
    """
    names = {agency.region_code: agency.region for agency in configuration.agencies.values()}
    if re.fullmatch(r"\d{2,6}", text):
        code = text
    else:
        codes = sorted(code for code, name in names.items() if name == text)
        if len(codes) != 1:
            found = f"means {', '.join(codes)}; give one of these codes" if codes else "is no region of agencies.csv"
            raise GongkaiError(f"--region {text}: {found}")
        code = codes[0]
    prefix = code
    while len(prefix) > 2 and prefix.endswith("00"):
        prefix = prefix[:-2]
    if not any(other.startswith(prefix) for other in names):
        raise GongkaiError(f"--region {text}: no agency of agencies.csv lies there")
    return prefix, names.get(prefix.ljust(6, "0"), "")


def agencies_of(
    agencies: Iterable[Agency], region: str, year: int, kinds: Collection[AgencyKind], levels: Collection[Level]
) -> list[Agency]:
    """The agencies below `region` that are watched for `year`, by region, kind and the order of the registry."""
    order = list(AgencyKind)
    found = [
        agency
        for agency in agencies
        if agency.region_code.startswith(region)
        and agency.watched(year)
        and (not kinds or agency.kind in kinds)
        and (not levels or agency.level in levels)
    ]
    return sorted(found, key=lambda agency: (agency.region_code, order.index(agency.kind)))
