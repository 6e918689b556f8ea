"""The root of the project's exceptions, and the one that config raises. The command line turns them into exit code 2."""


class GongkaiError(Exception):
    """Something a person can mend. The message names the file, line or key and what to do."""


class ConfigError(GongkaiError):
    """Raised by config.load: a file of the configuration cannot be used."""
