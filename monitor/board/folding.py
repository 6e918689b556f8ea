"""What a name is searched by: one form for all ways of writing it, its pinyin, its initials. May touch nothing."""

import unicodedata

from pypinyin import Style, lazy_pinyin


def folded(text: str) -> str:
    """Full width and case made one, spaces left out."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def pinyin(name: str) -> tuple[str, str]:
    """示例县民政局 → ("shilixianminzhengju", "slxmzj"): toneless pinyin and its initials."""
    return "".join(lazy_pinyin(name)), "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
