"""Where Odoo comes from: ODOO_HOME, an importable Odoo, Debian's package, the official git branch."""
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from . import debian
from .console import DevError, step
from .paths import build_directory, cache_dir, held_locks, lock

SERIES = 19
GIT_URL = 'https://github.com/odoo/odoo.git'


def series_of(path):
    """Major version of the Odoo whose package `odoo` lies in `path`; None where there is none.

    Odoo's online versions are called `saas~19.1`: those are another major version here.
    """
    release = Path(path, 'odoo', 'release.py')
    if not release.is_file():
        return None
    match = re.search(r'^version_info\s*=\s*\(\s*([^,]+),\s*(\d+)', release.read_text(), re.MULTILINE)
    if not match:
        return None
    major, minor = match.group(1).strip('\'" '), match.group(2)
    return int(major) if major.isdigit() and minor == '0' else f'{major}.{minor}'


def check_series(path, origin):
    """Return `path` if an Odoo 19 lies there, refuse anything else."""
    series = series_of(path)
    if series is None:
        raise DevError(f'{origin}: no Odoo found in {path} (expected a folder "odoo" with release.py).')
    if series != SERIES:
        raise DevError(f'{origin} is Odoo {series}; Property Service needs Odoo {SERIES}.0.')
    return Path(path)


def from_odoo_home(home):
    """Odoo at `home`: a source tree, the folder that holds the package `odoo`, or the package itself."""
    home = Path(home).expanduser().resolve()
    if (home / 'release.py').is_file() and home.name == 'odoo':
        home = home.parent
    return check_series(home, f'ODOO_HOME ({home})')


def importable():
    """Folder of the Odoo 19 which this Python can import; None where there is none, or only another version."""
    for entry in sys.path:
        if entry and series_of(entry) == SERIES and Path(entry, 'odoo', 'init.py').is_file():
            return Path(entry)
    return None


def odoo_path():
    """The folder to put on sys.path so that `import odoo` is Odoo 19. Fetches it when there is none yet."""
    if os.environ.get('ODOO_HOME'):
        return from_odoo_home(os.environ['ODOO_HOME'])
    found = importable()
    if found:
        return found
    cached = _cached()
    if cached:
        return cached
    with lock('odoo'):
        return _cached() or _fetch()


def _cached():
    for path in (cache_dir('odoo-debian', 'usr/lib/python3/dist-packages'), cache_dir('odoo-git')):
        if path.is_dir():
            return check_series(path, 'The cached Odoo')
    return None


def _fetch():
    if debian.available():
        target = cache_dir('odoo-debian')
        with build_directory(target) as partial:
            found = debian.fetch(partial)
            check_series(found, 'Debian\'s package')
        return target / found.relative_to(partial)
    if not shutil.which('git'):
        raise DevError('Odoo 19 is not here: install git, or set ODOO_HOME to an Odoo 19 source tree.')
    target = cache_dir('odoo-git')
    step('Cloning Odoo 19.0 (about 300 MB)')
    with build_directory(target) as partial:
        try:
            subprocess.run(['git', 'clone', '--progress', '--depth=1', '--branch=19.0', GIT_URL, str(partial)],
                           check=True, stdin=subprocess.DEVNULL, pass_fds=held_locks())
        except subprocess.CalledProcessError:
            raise DevError('Odoo could not be cloned; set ODOO_HOME to an Odoo 19 source tree.') from None
        check_series(partial, 'The cloned Odoo')
    return target
