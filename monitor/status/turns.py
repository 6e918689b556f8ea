"""Who makes an answer now, and who waits: few at once, in the order in which they came. May touch nothing.

Threads of Python that compute at the same time hold each other up, and the loop that reads and sends with them: eight at once
take twice as long as two by two. Two, because one computes while the other waits for the store.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from starlette.types import Message, Send

AT_ONCE: Final = 2


class Turns:
    """Of one event loop."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._free = asyncio.Semaphore(at_once)

    @asynccontextmanager
    async def turn(self, send: Send) -> AsyncIterator[Send]:
        """Waits for a turn, which ends when the answer is made: how slowly a visitor reads it holds up nobody else."""
        await self._free.acquire()
        is_held = True
        head: list[Message] = []

        def end() -> None:
            nonlocal is_held
            if is_held:
                is_held = False
                self._free.release()

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                head.append(message)  # sent with the body: a visitor who does not read could hold up its sending
                return
            end()
            while head:
                await send(head.pop())
            await send(message)

        try:
            yield sending
        finally:
            end()
