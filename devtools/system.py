"""Programs that come with the system, not from the Python registry."""
import shutil

from .console import DevError, step

CHROMIUM = ('google-chrome', 'chromium', 'chromium-browser', 'google-chrome-stable')  # the names Odoo looks for
PACKAGES = {
    'chromium': (CHROMIUM, 'the browser tests'),
    'wkhtmltopdf': (('wkhtmltopdf',), 'PDF documents'),
}


def missing():
    """Names of Debian packages whose programs are not on the PATH."""
    return [name for name, (programs, _use) in PACKAGES.items() if not any(map(shutil.which, programs))]


def require():
    """Fail with the command that installs what the tests need."""
    absent = missing()
    if absent:
        raise DevError(f'missing on this system: {", ".join(absent)} (for {" and ".join(PACKAGES[name][1] for name in absent)}). '
                       f'On Debian and Ubuntu: {"" if _is_root() else "sudo "}apt-get install {" ".join(absent)}')


def mention():
    """Tell what is missing where the work goes on without it."""
    for name in missing():
        if name != 'chromium':
            step(f'{name} is not installed: {PACKAGES[name][1]} will not work. On Debian and Ubuntu: apt-get install {name}')


def _is_root():
    import os
    return os.geteuid() == 0
