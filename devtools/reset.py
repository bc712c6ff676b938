"""./dev reset: start over."""
import shutil

from . import postgres, python_env
from .console import DevError, say
from .paths import cache_dir, lock


def reset(args):
    if args not in ([], ['--all']):
        raise DevError('reset takes no argument but --all.')
    if args:
        return _everything()
    from .run import DATABASE
    from .setup import Setup
    setup = Setup()
    with lock(DATABASE):
        for name in (DATABASE, f'{DATABASE}_partial'):
            setup.drop_database(name)
    say(f'{DATABASE} is gone; ./dev run makes a new one.')
    return 0


def _everything():
    """Stop the embedded server and remove the cache: its databases, Odoo, the Python environments."""
    folder = cache_dir()
    if any(folder.glob('postgres-*/data/PG_VERSION')) and not postgres.external():
        with lock('postgres'):
            postgres.Embedded(python_env.environment()).stop()
    shutil.rmtree(folder, ignore_errors=True)
    say(f'{folder} is gone; the next command fetches everything again.')
    return 0
