"""The reference of the command line as Markdown, made from the commands themselves. `docs/cli.md` holds it."""

from collections.abc import Iterator

import click

HEAD = """# Command line

Made from the commands themselves by `.venv/bin/python -m app reference > docs/cli.md`; a test holds the two together.

`python3 manage.py <noun> <verb> …`. Results go to stdout, progress to stderr. Tables are drawn on a terminal; elsewhere
each row is a line with tabs. Exit 0: done, 1: problems were found or the request was refused, 2: wrong use. Paths start
from the folder you are in.
"""


def reference(root: click.Group) -> str:
    """Every command with its words, options and help."""
    parts = [HEAD, *(_section(path, command) for path, command in _commands(root, ()))]
    return "\n".join(parts)


def _commands(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    for name, command in sorted(group.commands.items()):
        if command.hidden:
            continue
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


def _section(path: str, command: click.Command) -> str:
    words = [_argument(one) for one in command.params if isinstance(one, click.Argument)]
    lines = [f"## {' '.join([path, *words])}", "", " ".join((command.help or "").replace("\n\n", "\0").split())]
    lines[-1] = lines[-1].replace("\0", "\n\n").replace("\n\n ", "\n\n")
    options = [one for one in command.params if isinstance(one, click.Option)]
    lines += ["", *(f"- `{_option(one)}`: {one.help}{_default(one)}" for one in options), ""]
    return "\n".join(lines)


def _argument(one: click.Argument) -> str:
    name = (one.metavar or (one.name or "")).upper().rstrip("S" if one.nargs == -1 else "")
    return f"{name}…" if one.nargs == -1 and one.required else f"[{name}…]" if one.nargs == -1 else name


def _option(one: click.Option) -> str:
    if one.is_flag:
        return one.opts[0]
    choices = "|".join(one.type.choices) if isinstance(one.type, click.Choice) else one.opts[0].strip("-").upper()
    return f"{one.opts[0]} {choices}"


def _default(one: click.Option) -> str:
    return f" Default: {one.default}." if one.show_default else " Required." if one.required else ""
