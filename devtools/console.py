"""What the tool says, and how it gives up: one clear line instead of a traceback."""
import sys


class DevError(Exception):
    """Something the user can put right. `str(error)` is the whole message."""


def say(text):
    print(text, flush=True)


def step(text):
    """Announce a step that takes a while (always to stderr: the output of psql or odoo stays clean)."""
    print(f'==> {text}', file=sys.stderr, flush=True)
