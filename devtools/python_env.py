"""The Python environments in the cache: one for Odoo and its tests, one for the linters."""
import hashlib
import os
import re
import shutil
import subprocess
import sys

from .console import DevError, step
from .paths import ROOT, cache_dir, held_locks, lock

SUPPORTED = ((3, 10), (3, 11), (3, 12), (3, 13))


def find_python():
    """(path, 'X.Y') of a Python that Odoo 19 runs on: DEV_PYTHON, the one running now, or one on the PATH."""
    chosen = os.environ.get('DEV_PYTHON')
    if chosen:
        version = _version(chosen)
        if version not in SUPPORTED:
            raise DevError(f'DEV_PYTHON={chosen} is not a Python 3.10 to 3.13.')
        return chosen, _dotted(version)
    if sys.version_info[:2] in SUPPORTED:
        return sys.executable, _dotted(sys.version_info[:2])
    for version in reversed(SUPPORTED):
        found = shutil.which(f'python{_dotted(version)}')
        if found and _version(found) == version:
            return found, _dotted(version)
    raise DevError('Odoo 19 needs Python 3.10 to 3.13: none found (install one, or set DEV_PYTHON to its path).')


def _dotted(version):
    return '.'.join(map(str, version))


def _version(executable):
    """(major, minor) of an interpreter, None if it does not start."""
    try:
        out = subprocess.run([executable, '-c', 'import sys; print(*sys.version_info[:2])'],
                             capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    return tuple(map(int, out.split()))


def environment(name='odoo', requirements='requirements.txt'):
    """Path of the environment's Python; builds the environment when its requirements are new or it is unfinished."""
    wanted = ROOT / 'devtools' / requirements
    python, version = find_python()
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()[:12]
    folder = cache_dir('python', f'{name}-{version}-{digest}')
    ready = folder / '.ready'
    if not ready.exists():
        with lock(f'python-{name}'):
            if not ready.exists():
                _build(folder, python, wanted)
                ready.touch()
    return folder / 'bin' / 'python'


def _build(folder, python, wanted):
    # A virtual environment cannot be renamed (its scripts hold its path): the file .ready marks a finished one.
    if folder.exists():
        shutil.rmtree(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    step(f'Creating the Python environment {folder.name}')
    try:
        subprocess.run([python, '-m', 'venv', str(folder)], check=True, stdout=2, pass_fds=held_locks())
    except subprocess.CalledProcessError:
        raise DevError('Python could not create an environment. On Debian and Ubuntu: apt-get install python3-venv') from None
    command = [str(folder / 'bin/python'), '-m', 'pip', 'install', '--disable-pip-version-check', '--no-input',
               '--progress-bar=off', '--prefer-binary', '-r', str(wanted)]
    env = {**os.environ, 'PIP_ROOT_USER_ACTION': 'ignore'}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env,
                          pass_fds=held_locks()) as pip:
        output = []
        for line in pip.stdout:
            output.append(line)
            if re.match(r'\s*(Downloading|Building|Installing) ', line) and '.metadata' not in line:
                print('   ', line.strip()[:110], file=sys.stderr, flush=True)
    if pip.returncode:
        raise DevError(''.join(output[-25:]) + 'pip could not install the requirements; run the command again to retry.')

