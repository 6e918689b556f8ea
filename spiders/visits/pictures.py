"""Pictures of the report pages of a column that are new or have changed, where the portal asks for them.

Touches nothing itself. They are evidence for people and are never read: a picture that could not be taken changes no look.
"""

from collections.abc import AsyncIterator
from hashlib import sha256

from crawler.items import SCREENSHOT, CaptureItem
from crawler.page import is_document
from crawler.visit import Visit
from spiders.visits.answer import Answer
from spiders.visits.asking import Asking


class Pictures:
    """Remembers pages while they are read, and has the pictures taken when everything else of the column is done."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._pages: list[Answer] = []

    def note(self, answer: Answer) -> None:
        """A page that was well received; one that is as it was before needs no other picture."""
        portal, known = self._visit.portal, self._visit.bodies.get(answer.url)
        if not portal.screenshots or answer.unchanged or len(self._pages) >= portal.max_renders:
            return
        if known is not None and sha256(answer.body or b"").hexdigest() == known.sha256:
            return
        if answer.page.text and is_document(answer.page.text):
            self._pages.append(answer)

    async def taken(self, asking: Asking) -> AsyncIterator[CaptureItem]:
        """As long as half of the visit's requests and seconds are left: other columns are worth more than pictures."""
        portal, record = self._visit.portal, self._visit.record
        for page in self._pages:
            if 2 * record.requests > portal.max_pages or 2 * self._visit.elapsed() > portal.max_seconds:
                return
            picture = await asking.picture(page)
            url = page.url + SCREENSHOT
            yield picture.capture(portal, asking.column.key, "screenshot", picture.health, url=url)
            if picture.final:
                return
