"""Everything a command needs, brought once: Odoo, Python environment, PostgreSQL, configuration."""
import os
import shutil
import socket
import subprocess
import zlib
from pathlib import Path

from . import postgres, python_env, source
from .console import DevError
from .paths import ROOT, cache_dir

FIRST_PORT = 8069
PG_OPTIONS = {'db_host': 'PGHOST', 'db_port': 'PGPORT', 'db_user': 'PGUSER', 'db_password': 'PGPASSWORD'}


def free_port(preferred=FIRST_PORT, tries=200):
    """`preferred` if nobody listens on it, else the next free port above it."""
    for port in range(preferred, preferred + tries):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(('127.0.0.1', port))
            except OSError:
                continue
            return port
    raise OSError(f'no free port between {preferred} and {preferred + tries}')


def random_port():
    """A port that the kernel says is free; tests take it, so that several runs at once do not meet."""
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Setup:
    """Paths and environment of a ready set-up; making one brings what is missing."""

    def __init__(self):
        self.odoo_path = source.odoo_path()
        self.python = python_env.environment()
        self.pg_env = postgres.connection_env(self.python)
        self.pg_bin = postgres.tools_dir(self.python)
        self.config = self._write_config()

    def _write_config(self):
        """Write Odoo's configuration for this checkout; rewritten each time, replaced at once (others may read it)."""
        addons = [ROOT]
        if (self.odoo_path / 'addons' / 'web').is_dir() and not (self.odoo_path / 'odoo/addons/web').is_dir():
            addons.append(self.odoo_path / 'addons')
        lines = {
            'addons_path': ','.join(map(str, addons)),
            'data_dir': cache_dir('odoo-data'),
            'http_interface': '127.0.0.1',
            **{option: self.pg_env[name] for option, name in PG_OPTIONS.items() if name in self.pg_env},
            'admin_passwd': 'admin',
            'limit_time_cpu': 1200,
            'limit_time_real': 2400,
            'limit_memory_soft': 4 * 1024 ** 3,
            'limit_memory_hard': 6 * 1024 ** 3,
            'max_cron_threads': 1,
        }
        cache_dir('odoo-data').mkdir(parents=True, exist_ok=True)
        text = '[options]\n' + ''.join(f'{key} = {value}\n' for key, value in lines.items())
        # One file per checkout; crc32 is the same in every run, hash() is not.
        path = cache_dir(f'odoo-{ROOT.name}-{zlib.crc32(str(ROOT).encode()):08x}.conf')
        partial = path.with_suffix(f'.{os.getpid()}')
        partial.touch(mode=0o600)
        partial.write_text(text)
        partial.replace(path)
        return path

    def env(self):
        """Environment variables for Odoo, psql and scripts that import odoo."""
        return {
            **os.environ, **self.pg_env,
            'ODOO_RC': str(self.config),
            'DEV_ODOO_PATH': str(self.odoo_path),
            'PATH': os.pathsep.join([str(Path(self.python).parent), str(self.pg_bin), os.environ.get('PATH', '')]),
            'PYTHONDONTWRITEBYTECODE': os.environ.get('PYTHONDONTWRITEBYTECODE', ''),
        }

    def odoo_command(self, *args):
        return [str(self.python), str(ROOT / 'devtools' / 'launcher.py'), *map(str, args)]

    def psql(self, database, sql):
        """Run one statement and return what psql prints, without headings."""
        return subprocess.run([str(self.pg_bin / 'psql'), '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', database, '-c', sql],
                              env=self.env(), check=True, capture_output=True, text=True).stdout.strip()

    def databases(self):
        return self.psql('postgres', 'SELECT datname FROM pg_database WHERE NOT datistemplate').split()

    def create_database(self, name):
        subprocess.run([str(self.pg_bin / 'createdb'), name], env=self.env(), check=True)

    def drop_database(self, name):
        """Drop a database and its attachments, if they exist."""
        subprocess.run([str(self.pg_bin / 'dropdb'), '--if-exists', '--force', name], env=self.env(), check=True,
                       capture_output=True)
        shutil.rmtree(filestore(name), ignore_errors=True)

    def copy_database(self, origin, name):
        """Make `name` a copy of `origin` with its attachments; an existing `name` is replaced."""
        if origin not in self.databases():
            raise DevError(f'there is no database "{origin}".')
        self.drop_database(name)
        result = subprocess.run([str(self.pg_bin / 'createdb'), '-T', origin, name], env=self.env(),
                                capture_output=True, text=True)
        if result.returncode:
            raise DevError(result.stderr.strip())
        if filestore(origin).is_dir():
            shutil.copytree(filestore(origin), filestore(name))

    def rename_database(self, origin, name):
        """Give a database and its attachments another name: how a finished database takes its place."""
        self.psql('postgres', f'ALTER DATABASE "{origin}" RENAME TO "{name}"')
        if filestore(origin).is_dir():
            shutil.rmtree(filestore(name), ignore_errors=True)
            filestore(origin).rename(filestore(name))


def filestore(database):
    return cache_dir('odoo-data', 'filestore', database)
