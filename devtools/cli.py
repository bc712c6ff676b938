"""The commands of ./dev: `COMMANDS` maps a name to a function that takes the remaining arguments and returns an exit code."""
import os
import sys

from .console import DevError, say
from .paths import ROOT, cache_dir, lock

HELP = """\
Property Service: one tool for trying, testing and developing the addon.

  ./dev run [--port N]     Start Odoo with demo data and open it to your browser (database property_demo).
  ./dev test [TAGS]        Install the addon in a new database and run all tests, browser tours included.
                           TAGS narrows it, as Odoo's --test-tags: ./dev test /property_service:TestRequest
                           --keep leaves the database, --fast starts from a cached database with the dependencies.
  ./dev lint [--fix]       Run all linters and the check that the translations are complete.
                           --quick: only what needs no database.
  ./dev lifecycle          Install with demo data, uninstall, install again, update: no warning, nothing left behind.
  ./dev odoo ARGS...       Odoo's command line with the project's configuration:
                           ./dev odoo shell -d NAME, ./dev odoo -d NAME -u property_service --stop-after-init
  ./dev psql ARGS...       psql on the same server: ./dev psql -d property_demo
  ./dev exec CMD ARGS...   Any command in the environment (python, createdb, pg_dump...).
  ./dev copydb FROM TO     Copy a database with its attachments; replaces TO.
  ./dev i18n               Export the translation template and bring new terms into the translation files.
  ./dev bench [NAME ARGS]  Run a benchmark of bench/, or list them.
  ./dev screenshots [NAME] Take the pictures of the documentation anew, from the demo database.
  ./dev stop               Stop the embedded PostgreSQL.
  ./dev reset [--all]      Drop the demo database. --all: all databases of the embedded server and all downloads too.

Odoo 19 comes from ODOO_HOME (a source tree or an installed package), else an Odoo 19 that Python can import, else
Debian's package, else a shallow clone of the official branch. PostgreSQL is the server that PGHOST, PGPORT or PGUSER
name, else an embedded one. Everything fetched lies in the cache directory (XDG_CACHE_HOME): {cache}
"""


def cmd_run(args):
    from .run import run
    return run(args)


def cmd_test(args):
    from .testrun import test
    return test(args)


def cmd_lint(args):
    from .lint import lint
    return lint(args)


def cmd_lifecycle(args):
    from .lifecycle import lifecycle
    return lifecycle(args)


def cmd_i18n(args):
    from .i18n import update
    return update(args)


def cmd_odoo(args):
    """Replace this process by Odoo. A server without a chosen port gets a free one: several may run at once."""
    from .setup import Setup, free_port, random_port
    setup = Setup()
    is_server = not args or args[0].startswith('-') or args[0] == 'server'
    if is_server and not any(arg.startswith(('--http-port', '-p', '--help', '--version')) for arg in args):
        # A test run takes a port from the kernel, so that two started at the same moment do not meet.
        port = random_port() if '--stop-after-init' in args or '--test-enable' in args else free_port()
        args = [*args, f'--http-port={port}']
    if is_server and '--gevent-port' not in ' '.join(args):
        args = [*args, f'--gevent-port={random_port()}']
    command = setup.odoo_command(*args)
    os.execve(command[0], command, setup.env())


def cmd_psql(args):
    return cmd_exec(['psql', *args])


def cmd_exec(args):
    """Replace this process by any command, in the environment of Odoo and PostgreSQL."""
    from .setup import Setup
    if not args:
        raise DevError('exec needs a command, for example: ./dev exec createdb scratch')
    try:
        os.execvpe(args[0], args, Setup().env())
    except FileNotFoundError:
        raise DevError(f'command not found: {args[0]}') from None


def cmd_copydb(args):
    from .setup import Setup
    if len(args) != 2:
        raise DevError('copydb needs two names: ./dev copydb FROM TO')
    Setup().copy_database(*args)
    return 0


def cmd_bench(args):
    """Run bench/NAME.py in the environment; without a name, list what there is."""
    import ast

    from .setup import Setup
    scripts = {path.stem: path for path in sorted((ROOT / 'bench').glob('[!_]*.py'))}
    if not args or args[0] not in scripts:
        say('./dev bench NAME ARGS...; NAME --help tells more')
        for name, path in scripts.items():
            summary = (ast.get_docstring(ast.parse(path.read_text())) or '').partition('\n')[0]
            say(f'  {name:<20} {summary}')
        return 2 if args else 0
    setup = Setup()
    os.execve(str(setup.python), [str(setup.python), str(scripts[args[0]]), *args[1:]], setup.env())


def cmd_screenshots(args):
    from .setup import Setup
    setup = Setup()
    os.execve(str(setup.python), [str(setup.python), '-m', 'devtools.screenshots', *args], setup.env())


def cmd_stop(args):
    from . import postgres, python_env
    if postgres.external():
        raise DevError('PGHOST, PGPORT or PGUSER name a server that ./dev did not start.')
    with lock('postgres'):
        postgres.Embedded(python_env.environment()).stop()
    return 0


def cmd_reset(args):
    from .reset import reset
    return reset(args)


COMMANDS = {name[4:]: function for name, function in list(globals().items()) if name.startswith('cmd_')}


def main(argv):
    command, *args = argv or ['--help']
    if command in ('-h', '--help', 'help'):
        say(HELP.format(cache=cache_dir()))
        return 0
    if command not in COMMANDS:
        print(f'./dev: unknown command "{command}"; ./dev --help lists them.', file=sys.stderr)
        return 2
    try:
        return COMMANDS[command](args)
    except DevError as error:
        print(f'./dev: {error}', file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `./dev lint | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 141
