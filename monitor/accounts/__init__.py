"""Who may act on the page: accounts with a role, their passwords, their sessions, and the log of what was done."""

from monitor.accounts.roles import Role

__all__ = ["Role"]
