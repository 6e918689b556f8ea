"""A workshop for each test."""

from pathlib import Path

import pytest

from tests.spiders.visiting import Workshop, make_workshop


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return make_workshop(tmp_path)
