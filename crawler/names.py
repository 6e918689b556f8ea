"""The forms in which an office's name is met, and the parts of a region. Touches nothing.

One character makes another office, so a form is only what is regular: width and spaces, the region in front, 人民政府 and
街道办事处 left out, 管委会 for 管理委员会. Everything else is an alias, written in the registry.
"""

import re
import unicodedata
from functools import lru_cache

from config.schema import AgencyKind

_SPACE = re.compile(r"[\s\u200b\ufeff]+")
_BRACKETS = str.maketrans("[]【】〔〕{}", "()()()()")
_PART = re.compile(
    r".+?(?:特别行政区|自治区|自治州|自治县|自治旗|联合旗|地区|开发区|高新区|风景区|示范区|新区|省|市|盟|县|旗|区|$)"
)
_REMARK = re.compile(r"\([^()]*\)")


def normalised(name: str) -> str:
    """Width, brackets and spaces unified; nothing else."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", name)).translate(_BRACKETS)


@lru_cache(maxsize=8192)
def region_parts(region: str) -> tuple[str, ...]:
    """陕西省西安市未央区 → 陕西省, 西安市, 未央区. A part of one character belongs to the one before (沙市区)."""
    parts: list[str] = []
    for part in _PART.findall(_REMARK.sub("", normalised(region))):
        if len(part) == 1 and parts:
            parts[-1] += part
        else:
            parts.append(part)
    return tuple(parts)


def after_region(name: str, parts: tuple[str, ...]) -> tuple[str, bool]:
    """The name without the parts of its region in front, and whether the last of them, its own, was there."""
    position, own = 0, False
    for number, part in enumerate(parts):
        if name.startswith(part, position):
            position += len(part)
            own = number == len(parts) - 1
    return name[position:], own


def made_of(head: str, parts: tuple[str, ...]) -> bool:
    """Whether `head` is nothing but parts of the region, in their order; each may be left out or stand twice."""
    position = 0
    for part in parts:
        while head.startswith(part, position):
            position += len(part)
    return position == len(head)


def forms(name: str, kind: AgencyKind) -> tuple[str, ...]:
    """A normalised name and what it is regularly shortened to: 兴义市人民政府, 兴义市政府, 兴义市."""
    found = [name]
    if kind is AgencyKind.GOVERNMENT and name.endswith("人民政府"):
        found += [name.removesuffix("人民政府") + "政府", name.removesuffix("人民政府")]
    if kind is AgencyKind.TOWNSHIP:
        if name.endswith(("镇人民政府", "乡人民政府")):
            found += [name.removesuffix("人民政府") + "政府", name.removesuffix("人民政府")]
        if name.endswith("街道办事处"):
            found += [name.removesuffix("事处"), name.removesuffix("办事处")]
    if "管理委员会" in name:
        found += [form.replace("管理委员会", "管委会") for form in found]
    elif name.endswith("委员会"):
        found.append(name.removesuffix("员会"))
    return tuple(form for form in dict.fromkeys(found) if form)
