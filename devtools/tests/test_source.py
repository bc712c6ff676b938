"""Where Odoo comes from, and that another major version is refused."""
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from devtools import debian, source
from devtools.console import DevError
from devtools.paths import ROOT


def fake_odoo(folder, version_info):
    package = Path(folder, 'odoo')
    package.mkdir(parents=True)
    (package / 'release.py').write_text(f'FINAL = "final"\nversion_info = {version_info}\n')
    (package / 'init.py').touch()
    return folder


class TestVersion(unittest.TestCase):

    def setUp(self):
        self.folder = self._folder()

    def _folder(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return folder.name

    def test_19_is_taken(self):
        fake_odoo(self.folder, "(19, 0, 0, FINAL, 0, '')")
        self.assertEqual(source.from_odoo_home(self.folder), Path(self.folder).resolve())

    def test_package_folder_itself_is_taken(self):
        fake_odoo(self.folder, "(19, 0, 0, FINAL, 0, '')")
        self.assertEqual(source.from_odoo_home(f'{self.folder}/odoo'), Path(self.folder).resolve())

    def test_other_versions_are_refused_in_one_line(self):
        for version, said in (("(18, 0, 0, FINAL, 0, '')", '18'), ("('saas~19', 1, 0, FINAL, 0, '')", 'saas~19.1'),
                              ("(20, 0, 0, FINAL, 0, '')", '20')):
            folder = self._folder()
            fake_odoo(folder, version)
            with self.assertRaises(DevError) as caught:
                source.from_odoo_home(folder)
            self.assertIn(f'is Odoo {said}; Property Service needs Odoo 19.0', str(caught.exception))
            self.assertNotIn('\n', str(caught.exception))

    def test_nothing_there(self):
        with self.assertRaisesRegex(DevError, 'no Odoo found'):
            source.from_odoo_home(self.folder)

    def test_command_line_refuses_with_one_line(self):
        fake_odoo(self.folder, "(17, 0, 0, FINAL, 0, '')")
        result = subprocess.run([sys.executable, str(ROOT / 'dev'), 'odoo', '--version'], capture_output=True, text=True,
                                env={**os.environ, 'ODOO_HOME': self.folder})
        self.assertEqual(result.returncode, 2)
        self.assertEqual(len(result.stderr.strip().splitlines()), 1)
        self.assertIn('Odoo 17', result.stderr)

    def test_order(self):
        """ODOO_HOME wins over an importable Odoo, that over the cache; only then something is fetched."""
        home, importable, cache = self._folder(), self._folder(), self._folder()
        for folder in (home, importable, f'{cache}/property_service/odoo-git'):
            fake_odoo(folder, "(19, 0, 0, FINAL, 0, '')")
        with mock.patch.dict(os.environ, {'XDG_CACHE_HOME': cache, 'ODOO_HOME': home}):
            with mock.patch.object(sys, 'path', [importable]):
                self.assertEqual(source.odoo_path(), Path(home).resolve())
                del os.environ['ODOO_HOME']
                self.assertEqual(source.odoo_path(), Path(importable))
            with mock.patch.object(sys, 'path', [self.folder]):
                self.assertEqual(source.odoo_path(), Path(cache, 'property_service', 'odoo-git'))

    def test_importable_of_another_version_is_passed_over(self):
        fake_odoo(self.folder, "(18, 0, 0, FINAL, 0, '')")
        with mock.patch.object(sys, 'path', [self.folder]):
            self.assertIsNone(source.importable())


class TestDebianSources(unittest.TestCase):

    def _archive(self, os_id, files):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        etc = Path(folder.name)
        (etc / 'apt/sources.list.d').mkdir(parents=True)
        (etc / 'os-release').write_text(f'NAME="x"\nID={os_id}\n')
        for name, text in files.items():
            (etc / 'apt' / name).write_text(text)
        return debian.find_archive(etc)

    def test_deb822(self):
        text = ('Types: deb\nURIs: http://mirror.example/debian-security\nSuites: bookworm-security\n'
                'Signed-By: /k/s.gpg\n\nTypes: deb\n# comment\nURIs: http://mirror.example/debian\n'
                'Suites: bookworm bookworm-updates\nSigned-By: /k/d.gpg\n')
        self.assertEqual(self._archive('debian', {'sources.list.d/debian.sources': text}),
                         ('http://mirror.example/debian', '/k/d.gpg'))

    def test_one_line(self):
        text = ('deb http://mirror.example/debian bookworm-security main\n'
                'deb [arch=amd64 signed-by=/k/d.gpg] http://mirror.example/debian/ bookworm main contrib\n')
        self.assertEqual(self._archive('debian', {'sources.list': text}), ('http://mirror.example/debian/', '/k/d.gpg'))

    def test_other_system_or_other_archive(self):
        line = 'deb http://mirror.example/debian bookworm main\n'
        self.assertIsNone(self._archive('ubuntu', {'sources.list': line}))
        self.assertIsNone(self._archive('debian', {'sources.list': 'deb http://other.example/node nodistro main\n'}))
