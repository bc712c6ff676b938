"""Each linter is proved by a planted fault: a tiny addon that is clean for all of them, then broken in one way for each."""
import subprocess
import tempfile
import unittest
from pathlib import Path

from devtools import conventions, lint, python_env, source

FILES = {
    '__init__.py': 'from . import models\n',
    '__manifest__.py': "{'name': 'Probe', 'summary': 'Probe', 'author': 'Property Service', 'license': 'LGPL-3',\n"
                       " 'version': '19.0.1.0.0', 'depends': ['base'], 'data': ['views/probe.xml']}\n",
    'models.py': 'from odoo import models\n\n\nclass Probe(models.Model):\n'
                 '    _name = \'probe\'\n    _description = "Probe"\n',
    'views/probe.xml': '<?xml version="1.0" encoding="utf-8"?>\n<odoo>\n'
                       '    <record id="probe_action" model="ir.actions.act_window">\n        <field name="name">Probe</field>\n'
                       '        <field name="res_model">probe</field>\n    </record>\n</odoo>\n',
    'i18n/zh_CN.po': 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Language: zh_CN\\n"\n\n'
                     '#. module: probe\n#, python-format\n#: code:addons/probe/models.py:0\nmsgid "Case %s"\nmsgstr "案件 %s"\n',
}


class TestLinters(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bin = python_env.environment('lint', 'requirements-lint.txt').parent

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addon = Path(folder.name, 'probe')
        for name, text in FILES.items():
            self.plant(name, text)
        subprocess.run(['git', 'init', '-q', folder.name], check=True)

    def plant(self, name, text):
        path = self.addon / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def run_linter(self, line):
        """(exit code, output) of a linter's command line."""
        result = subprocess.run([str(part) for part in line], capture_output=True, text=True, cwd=self.addon.parent)
        return result.returncode, result.stdout + result.stderr

    def assertClean(self, line):
        code, output = self.run_linter(line)
        self.assertEqual((code, output.strip()), (0, ''))

    def assertFound(self, line, what):
        code, output = self.run_linter(line)
        self.assertNotEqual(code, 0, output)
        self.assertIn(what, output)

    def test_ruff(self):
        line = lint.ruff(self.bin, [self.addon])
        self.assertClean(line)
        self.plant('models.py', FILES['models.py'] + '\n\ndef broken():\n    return nowhere\n')
        self.assertFound(line, 'F821')

    def test_pylint_odoo(self):
        line = lint.pylint(self.bin, self.addon)
        self.assertClean(line)
        self.plant('models.py', FILES['models.py'] + "\n    def find(self, name):\n"
                   "        self.env.cr.execute('SELECT id FROM probe WHERE name = %s' % name)\n")
        self.assertFound(line, 'sql-injection')

    def test_odoo_pylint(self):
        line = lint.odoo_pylint(python_env.environment(), source.odoo_path(), self.addon)
        self.assertClean(line)
        faults = {
            'sql-injection': "self.env.cr.execute('SELECT id FROM probe WHERE name = %s' % name)",
            'gettext-placeholders': "raise ValueError(self.env._('%s and %s', name, name))",
            'gettext-variable': 'raise ValueError(self.env._(name))',
        }
        for what, statement in faults.items():
            self.plant('models.py', FILES['models.py'] + f'\n    def find(self, name):\n        {statement}\n')
            self.assertFound(line, what)

    def test_oca_module(self):
        line = lint.oca_module(self.bin, self.addon)
        self.assertClean(line)
        record = FILES['views/probe.xml'].split('<odoo>')[1].split('</odoo>')[0]
        self.plant('views/probe.xml', FILES['views/probe.xml'].replace(record, record + record))
        self.assertFound(line, 'xml-duplicate-record-id')

    def test_oca_po(self):
        line = lint.oca_po(self.bin, self.addon)
        self.assertClean(line)
        self.plant('i18n/zh_CN.po', FILES['i18n/zh_CN.po'].replace('案件 %s', '案件'))
        self.assertFound(line, 'po-python-parse-printf')

    def test_conventions(self):
        root = self.addon.parent
        self.assertEqual(conventions.check(root), [])
        faults = {
            'names a path of one machine': 'see /' + 'root/x\n',
            'names the host of a package registry': 'https://' + 'pypi.' + 'org/x\n',
            'looks like a secret': '-----BEGIN ' + 'PRIVATE KEY-----\n',
            'lines; split the file': 'x = 1\n' * 501,
        }
        for what, text in faults.items():
            self.plant('fault.py', text)
            found = conventions.check(root)
            self.assertEqual(len(found), 1, found)
            self.assertIn(what, found[0])
        (self.addon / 'fault.py').unlink()
        own = root / 'property_service' / 'models.py'
        own.parent.mkdir()
        own.write_text('x = self.sudo()\nz = self.sudo(False)\ny = self.sudo()  # sudo: residents cannot read calendars\n')
        self.assertEqual(conventions.check(root),
                         ['property_service/models.py:1: sudo() without its reason (# sudo: …) on the line'])

    def test_unlisted_data(self):
        self.assertEqual(conventions.unlisted_data(self.addon), [])
        self.plant('views/forgotten.xml', FILES['views/probe.xml'])
        self.plant('demo/table.csv', 'a,b')
        self.assertEqual(conventions.unlisted_data(self.addon), ['probe/views/forgotten.xml:1: is not in the manifest'])
