"""Runs Odoo as a child process while reading its log."""
import subprocess
import sys
import time

from .console import say
from .logreport import LogReport
from .paths import cache_dir
from .setup import random_port


def log_file(name):
    """A new file below the cache's logs/; the 20 newest are kept.

    Names begin with the time, so they sort by age; asking the file system would fail on a log that another run removes.
    """
    folder = cache_dir('logs')
    folder.mkdir(parents=True, exist_ok=True)
    for old in sorted(folder.glob('*.log'))[:-20]:
        old.unlink(missing_ok=True)
    return folder / f'{time.strftime("%Y%m%d-%H%M%S")}-{name}-{random_port()}.log'


def run_logged(setup, name, *args, verbose=True):
    """Run Odoo's command line; return (exit code, LogReport, log path). Prints test classes and whatever goes wrong."""
    path = log_file(name)

    def tell(kind, text):
        if kind == 'class':
            if verbose:
                say(f'  {text}')
        elif kind == 'detail':
            say(f'      {text}')
        else:
            say(f'  !! {text}')

    report = LogReport(on_event=tell)
    command = setup.odoo_command(*args)
    with path.open('w') as log, subprocess.Popen(
            command, env=setup.env(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors='replace') as process:
        try:
            for line in process.stdout:
                log.write(line)
                report.feed(line.rstrip('\n'))
        except KeyboardInterrupt:
            process.terminate()
            raise
    if process.returncode and not report.failed and not report.problems:
        print('\n'.join(report.tail[-25:]), file=sys.stderr)
    return process.returncode, report, path
