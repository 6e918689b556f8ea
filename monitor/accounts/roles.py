"""What an account may do, each role also what the one before it may. May touch nothing."""

from enum import StrEnum


class Role(StrEnum):
    """reader: read, where reading needs a login. reviewer: acknowledge, mute, record replies, decide what waits.

    operator: start jobs, see the audit log. Accounts themselves are managed on the command line only.
    """

    READER = "reader"
    REVIEWER = "reviewer"
    OPERATOR = "operator"

    def includes(self, other: "Role") -> bool:
        """Whether this role may do what `other` may."""
        return _ORDER.index(self) >= _ORDER.index(other)


_ORDER = tuple(Role)
