"""A PostgreSQL of its own in a temporary folder, with a copy of one database: it can be killed without disturbing anybody."""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from devtools.postgres import ROLE, SETTINGS, Embedded, tools_dir  # noqa: E402

#: What is committed survives a crash, as on a server that people work with.
DURABLE = {**SETTINGS, 'fsync': 'on', 'synchronous_commit': 'on', 'full_page_writes': 'on'}


class ThrowawayServer(Embedded):
    """Start it with ``with``; inside, the PG* variables of this process and its children point to it."""

    def __init__(self):
        self.bin = tools_dir(sys.executable)
        self.home = Path(tempfile.mkdtemp(prefix='property_service-bench-'))
        self.data, self.log, self.socket_dir = self.home / 'data', self.home / 'server.log', self.home
        self.user = self._system_user() if os.geteuid() == 0 else None
        self.source = {name: os.environ.get(name) for name in ('PGHOST', 'PGPORT', 'PGUSER', 'PGPASSWORD')}

    def __enter__(self):
        self._initialise()
        self._control('start')
        self._ensure_role()
        return self

    def __exit__(self, *_error):
        self._control('stop', check=False)
        shutil.rmtree(self.home, ignore_errors=True)

    def copy(self, database):
        """Copy ``database`` from the server of before, and point this process and its children to this one."""
        environment = {**os.environ, 'PGHOST': str(self.socket_dir), 'PGPORT': '5432', 'PGUSER': ROLE}
        subprocess.run([str(self.bin / 'createdb'), database], env=environment, check=True)
        dump = subprocess.Popen([str(self.bin / 'pg_dump'), '-Fc', '-Z0', database], stdout=subprocess.PIPE)
        subprocess.run([str(self.bin / 'pg_restore'), '--no-owner', '-d', database], env=environment, stdin=dump.stdout, check=True)
        if dump.wait():
            raise SystemExit(f"{database} could not be copied")
        os.environ.update({name: environment[name] for name in ('PGHOST', 'PGPORT', 'PGUSER')})

    def restart(self):
        """Pull the plug: connections are cut in the middle, nothing is written any more, and the server recovers from its log."""
        self._control('restart')

    def _control(self, action, check=True):
        options = ' '.join(f"-c {key}={value}" for key, value in DURABLE.items())
        start = ['-l', self.log, '-o', f'{options} -k {self.socket_dir}'] if action != 'stop' else []
        stop = ['-m', 'immediate'] if action != 'start' else []
        self._run('pg_ctl', '-D', self.data, '-w', '-t', '60', *start, *stop, action, check=check)
