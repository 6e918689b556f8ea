"""The root of the project's exceptions, and the one that config raises. The command line turns them into exit code 2."""

from pydantic import ValidationError


class GongkaiError(Exception):
    """Something a person can mend. The message names the file, line or key and what to do."""


class ConfigError(GongkaiError):
    """Raised by config.load: a file of the configuration cannot be used."""


def first_problem(error: ValidationError) -> str:
    """What pydantic found first: the key and what is wrong with it."""
    # An unknown key first: it is mostly the reason why the right one is missing.
    first = min(error.errors(), key=lambda found: found["type"] != "extra_forbidden")
    key = "/".join(str(part) for part in first["loc"]) or "(whole)"
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{key}: {first['msg']}{more}"
