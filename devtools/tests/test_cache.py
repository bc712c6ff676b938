"""The cache: interrupted downloads, two runs at once, ports."""
import os
import socket
import subprocess
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path
from unittest import mock

from devtools import paths, python_env, setup
from devtools.console import DevError


class CacheCase(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.cache = Path(folder.name)
        patch = mock.patch.dict(os.environ, {'XDG_CACHE_HOME': folder.name})
        patch.start()
        self.addCleanup(patch.stop)

    def python(self, code):
        return subprocess.Popen([sys.executable, '-c', textwrap.dedent(code)], cwd=paths.ROOT, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)


class TestBuildDirectory(CacheCase):

    def test_interrupted_build_leaves_nothing_and_is_repeated(self):
        target = self.cache / 'thing'
        with self.assertRaises(KeyboardInterrupt), paths.build_directory(target) as partial:
            (partial / 'half').touch()
            raise KeyboardInterrupt
        self.assertFalse(target.exists())
        with paths.build_directory(target) as partial:
            self.assertEqual(list(partial.iterdir()), [], 'the half-finished files are gone')
            (partial / 'whole').touch()
        self.assertEqual([path.name for path in target.iterdir()], ['whole'])

    def test_killed_process(self):
        """A process that is killed in the middle leaves no target and no lock."""
        process = self.python('''
            import os, signal
            from devtools import paths
            with paths.lock('x'), paths.build_directory(paths.cache_dir('thing')) as partial:
                (partial / 'half').touch()
                os.kill(os.getpid(), signal.SIGKILL)
        ''')
        process.communicate()
        self.assertEqual(process.returncode, -9)
        self.assertFalse(paths.cache_dir('thing').exists())
        with paths.lock('x'), paths.build_directory(paths.cache_dir('thing')) as partial:
            self.assertEqual(list(partial.iterdir()), [])
        self.assertTrue(paths.cache_dir('thing').is_dir())


class TestLock(CacheCase):

    def test_second_process_waits(self):
        code = '''
            import time
            from devtools import paths
            log = paths.cache_dir('log')
            log.parent.mkdir(parents=True, exist_ok=True)
            with paths.lock('x'):
                for what in ('enter', 'leave'):
                    with log.open('a') as file:
                        file.write(what + ' ')
                    time.sleep(0.2)
        '''
        running = [self.python(code) for _number in range(4)]
        for process in running:
            process.communicate()
            self.assertEqual(process.returncode, 0)
        self.assertEqual(paths.cache_dir('log').read_text().split(), ['enter', 'leave'] * 4)


    def test_child_of_a_killed_process_keeps_the_lock(self):
        process = self.python('''
            import os, signal, subprocess
            from devtools import paths
            with paths.lock('x'):
                child = 'import time; time.sleep(1); open("%s", "w").close()' % paths.cache_dir('done')
                subprocess.Popen(['python3', '-c', child], pass_fds=paths.held_locks(), stdout=-3, stderr=-3)
                os.kill(os.getpid(), signal.SIGKILL)
        ''')
        process.communicate()
        with paths.lock('x'):
            self.assertTrue(paths.cache_dir('done').exists(), 'the lock came free before the child had ended')
        self.assertEqual(paths.held_locks(), ())


class TestPort(unittest.TestCase):

    def test_taken_port_is_passed_over(self):
        with socket.socket() as taken:
            taken.bind(('127.0.0.1', 0))
            taken.listen()
            port = taken.getsockname()[1]
            found = setup.free_port(port)
            self.assertGreater(found, port)
            with socket.socket() as other:
                other.bind(('127.0.0.1', found))

    def test_free_port_is_kept(self):
        port = setup.random_port()
        self.assertEqual(setup.free_port(port), port)


class TestPython(unittest.TestCase):

    def test_wrong_python_is_refused(self):
        with mock.patch.dict(os.environ, {'DEV_PYTHON': '/bin/false'}), self.assertRaisesRegex(DevError, '3.10 to 3.13'):
            python_env.find_python()

    def test_finds_another_when_started_by_an_old_one(self):
        with mock.patch.object(python_env.sys, 'version_info', (3, 9, 0)), \
                mock.patch.object(python_env.shutil, 'which', lambda name: f'/x/{name}' if name == 'python3.12' else None), \
                mock.patch.object(python_env, '_version', lambda path: (3, 12)):
            self.assertEqual(python_env.find_python(), ('/x/python3.12', '3.12'))
