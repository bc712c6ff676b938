"""Where things are kept, and the lock that lets two runs share them."""
import contextlib
import fcntl
import os
import shutil
from pathlib import Path

from .console import step

ROOT = Path(__file__).resolve().parent.parent
ADDON = 'property_service'


def cache_dir(*parts):
    """Directory for everything downloaded or generated, outside the checkout (XDG base directories)."""
    base = os.environ.get('XDG_CACHE_HOME') or os.path.join(os.path.expanduser('~'), '.cache')
    return Path(base, 'property_service', *parts)


_held = set()


def held_locks():
    """File descriptors of the locks held now. A child that gets them (`pass_fds`) keeps them held until it ends: when
    ./dev is killed, its pip or dpkg may still be writing, and nobody else must start in the same place."""
    return tuple(_held)


@contextlib.contextmanager
def lock(name):
    """Hold the lock `name` of the cache; a second process waits for the first.

    The kernel drops the lock when its processes end, so a killed run never leaves it behind.
    """
    path = cache_dir('locks', name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open('a') as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            step(f'Another ./dev is preparing "{name}"; waiting for it')
            fcntl.flock(handle, fcntl.LOCK_EX)
        _held.add(handle.fileno())
        try:
            yield
        finally:
            _held.discard(handle.fileno())


@contextlib.contextmanager
def build_directory(target):
    """Fill a directory so that it exists either complete or not at all.

    Yields a temporary sibling of `target`, renamed to `target` when the block ends well. What an interrupted run
    left is removed first. The caller holds the lock.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + '.partial')
    if partial.exists():
        shutil.rmtree(partial)
    partial.mkdir()
    yield partial
    partial.rename(target)
