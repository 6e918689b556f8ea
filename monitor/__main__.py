"""The command line: `gongkai COMMAND`. Touches SIGTERM and the log; everything else is the commands'.

Exit codes: 0 done; 1 done in part, or an error of the program (with traceback); 2 something that the user can mend
(one line on stderr); 130 after Ctrl-C; 143 after SIGTERM.
"""

import logging
import sys
from importlib import metadata
from typing import Any

import click

from config.errors import GongkaiError
from monitor.commands import COMMANDS, command_named
from monitor.commands.ending import INTERRUPTED, terminable


class Refused(click.ClickException):
    """A GongkaiError as click shows it: one line, exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        click.echo(f"gongkai: {' '.join(self.message.split())}", file=file or sys.stderr)


class Commands(click.Group):
    """Those of the registry, in its order."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return command_named(cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        with terminable():
            try:
                return super().invoke(ctx)
            except GongkaiError as error:
                raise Refused(str(error)) from error
            except KeyboardInterrupt:
                click.echo("", err=True)
                ctx.exit(INTERRUPTED)


def _version() -> str:
    try:
        return metadata.version("gongkai-watch")
    except metadata.PackageNotFoundError:
        return "(from its source tree, not installed)"


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(_version(), prog_name="gongkai")
@click.option("-v", "--verbose", is_flag=True, help="显示运行日志。 Show the log.")
def main(verbose: bool) -> None:
    """公开：政府信息公开年度报告监测。

    The watch over China's government-disclosure annual reports. Settings are environment variables, see docs/settings.md.
    """
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )


if __name__ == "__main__":
    main(prog_name="gongkai")
