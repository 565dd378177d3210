"""The words of the command line put together: one module per noun. What they do is in those modules."""

import click

from app.cli.backups import backup, restore
from app.cli.backups import verify as verify_all
from app.cli.calendars import calendar
from app.cli.cases import case
from app.cli.checkpoints import checkpoint, journal
from app.cli.operations import incident, operations
from app.cli.processes import process
from app.cli.projections import projection
from app.cli.users import user
from app.cli.verifying import verify
from app.errors import Rejected


class Words(click.Group):
    """Nouns and verbs; a rejection becomes one sentence on stderr and exit 1."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command. A rejection was expected: nothing was written, and its sentence says why."""
        try:
            return super().invoke(ctx)
        except Rejected as refused:
            raise click.ClickException(refused.sentence) from None


@click.group(cls=Words, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def commands() -> None:
    """Waymark, the process platform for SEND and inclusion casework.

    Results go to stdout, progress to stderr. Exit 0: done, 1: problems were found, 2: wrong use.
    """


case.add_command(verify)
for noun in (
    process,
    case,
    calendar,
    projection,
    user,
    checkpoint,
    journal,
    backup,
    restore,
    verify_all,
    operations,
    incident,
):
    commands.add_command(noun)
