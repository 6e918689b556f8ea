"""The option that several commands share: how the answer is written. May touch nothing."""

import click

FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="输出格式。 Form of the output.",
)
