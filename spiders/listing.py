"""What a family says about a list page, and what comes next. Frozen values; touches nothing."""

from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

from w3lib.url import safe_url_string


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list as it stands: link, title, date. `url` is absolute; `date` is raw, "" where none stands."""

    url: str
    title: str
    date: str = ""


@dataclass(frozen=True, slots=True)
class Paging:
    """What a list page says about its further pages; what it does not say is None or "".

    `pages`: how many there are. `records`: how many entries. `template`: the address of a further page with
    {page} for its number. `first`: the number of the second page in that address, where the page tells.
    `link`: the address behind a plain link "next page".
    """

    pages: int | None = None
    records: int | None = None
    template: str = ""
    first: int | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list page as the family reads it.

    `problem`: why it is no list page (the look is then a shell); empty where the list was recognised.
    `empty`: the column itself says that it holds nothing. `unclear`: the list was read, but whether there
    are further pages, or where, was not understood (the look is then incomplete).
    """

    rows: tuple[Row, ...] = ()
    problem: str = ""
    empty: bool = False
    paging: Paging = Paging()
    unclear: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A list page of this visit. `fresh`: entries that no earlier page had. `listing` None: it does not exist."""

    url: str
    listing: Listing | None
    fresh: int


@dataclass(frozen=True, slots=True)
class Step:
    """What comes next: the address of a further list page, or the end; `incomplete` says why the end is none.

    `probe`: whether the address exists is being tried; a 404 is an answer then and no failure.
    """

    url: str = ""
    probe: bool = False
    incomplete: str = ""


END = Step()


def absolute(base: str, href: str) -> str:
    """The address behind a link as it is sent: no fragment, Chinese signs encoded. What is none stays as written."""
    try:
        return safe_url_string(urldefrag(urljoin(base, href.strip())).url)
    except ValueError:
        return href.strip()


def is_address(url: str) -> bool:
    """Whether a request can be made of it at all."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.scheme and parts.netloc)
