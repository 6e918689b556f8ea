"""What a family says about a list page, and what comes next. Frozen values; touches nothing."""

from dataclasses import dataclass
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit

from w3lib.url import safe_url_string

MAX_KEY = 2000  # characters


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
    `link`: the address behind a plain link "next page", or that of a data endpoint. `form`: the fields that are posted
    to it. `mark`: what tells this page from the others where its rows do not (none of them is the column's).
    """

    pages: int | None = None
    records: int | None = None
    template: str = ""
    first: int | None = None
    link: str = ""
    form: tuple[tuple[str, str], ...] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list page as the family reads it.

    `problem`: why it is no list page (the look is then a shell); empty where the list was recognised.
    `empty`: the column itself says that it holds nothing. `frame`: the page is the column's, its rows stand
    behind the address that comes next (a data endpoint). `branches`: addresses of sub-columns whose lists belong
    to this column. `unclear`: the list was read, but whether there are further pages, or where, was not understood.
    `partial`: why the list does not hold everything even when every page of it has been read. Either makes the look
    incomplete; a partial list is read to its end first.
    """

    rows: tuple[Row, ...] = ()
    problem: str = ""
    empty: bool = False
    frame: bool = False
    branches: tuple[str, ...] = ()
    paging: Paging = Paging()
    unclear: str = ""
    partial: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What comes next: a further request for the list, or the end; `incomplete` says why the end is none.

    `form` or `json`, where given, make it a POST with these fields or this body. `probe`: whether the address exists
    is being tried; a 404 is an answer then and no failure. `partial`: at the end, why the list may not hold everything
    although it was read to its end (as in Listing).
    """

    url: str = ""
    probe: bool = False
    incomplete: str = ""
    form: tuple[tuple[str, str], ...] = ()
    json: str = ""
    partial: str = ""

    @property
    def key(self) -> str:
        """The address under which the answer is kept: a POST carries what was posted, behind a # that is not sent."""
        posted = urlencode(self.form) if self.form else self.json
        return f"{self.url}#POST {posted}"[:MAX_KEY] if posted else self.url


@dataclass(frozen=True, slots=True)
class Seen:
    """A list page of this visit. `fresh`: entries that no earlier page had. `listing` None: it does not exist."""

    step: Step
    listing: Listing | None
    fresh: int

    @property
    def url(self) -> str:
        return self.step.url


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
