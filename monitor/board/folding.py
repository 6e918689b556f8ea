"""What a name is searched by: one form for all ways of writing it, its pinyin, its initials. May touch nothing."""

import unicodedata

from pypinyin import lazy_pinyin

SILENT = "\n"  # before what has no pinyin


def folded(text: str) -> str:
    """Full width and case made one, spaces left out."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def pinyin(name: str) -> tuple[str, str]:
    """示例县民政局 → ("shilixianminzhengju", "slxmzj"): toneless pinyin and its initials."""
    syllables = lazy_pinyin(name, errors=lambda text: SILENT + text)
    initials = (one.removeprefix(SILENT) if one.startswith(SILENT) else one[:1] for one in syllables)
    return "".join(syllables).replace(SILENT, ""), "".join(initials)
