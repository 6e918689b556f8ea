"""Hashing with little work, for tests that are not about it: the same library and the same way, with small parameters."""

from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher

from monitor.accounts import passwords


@contextmanager
def little_work() -> Iterator[None]:
    real = passwords._hasher
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    passwords._nobodys.cache_clear()
    try:
        yield
    finally:
        passwords._hasher = real
        passwords._nobodys.cache_clear()
