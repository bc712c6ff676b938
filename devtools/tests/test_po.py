"""Translation files: merging keeps what people translated; the check finds every kind of gap."""
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from devtools.paths import ROOT

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"POT-Creation-Date: 2026-01-01 00:00+0000\\n"\n'


class TestPo(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name, terms):
        """A file with `terms`: {msgid: msgstr}, or {msgid: (msgstr, flag)}."""
        text = HEADER
        for number, (term, value) in enumerate(terms.items()):
            value, flag = value if isinstance(value, tuple) else (value, None)
            text += '\n#. module: property_service\n' + (f'#, {flag}\n' if flag else '')
            text += f'#: code:addons/property_service/x.py:{number}\nmsgid "{term}"\nmsgstr "{value}"\n'
        (self.folder / name).write_text(text)
        return self.folder / name

    def tool(self, action, *args):
        result = subprocess.run([sys.executable, str(ROOT / 'devtools/po.py'), action, *map(str, args)],
                                capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def test_merge(self):
        template = self.write('x.pot', {'Unit': '', 'Estate': '', 'New': ''})
        target = self.write('zh_CN.po', {'Estate': '项目', 'Gone': '没了', 'Unit': '房屋'})
        self.assertEqual(self.tool('merge', template, target, 'zh_CN'), {'terms': 3, 'new': 1, 'removed': 1, 'missing': 1})
        text = target.read_text()
        self.assertIn('msgid "Unit"\nmsgstr "房屋"', text)
        self.assertIn('msgid "New"\nmsgstr ""', text)
        self.assertNotIn('Gone', text)
        self.assertIn('Language: zh_CN', text)
        self.assertEqual(self.tool('merge', template, target, 'zh_CN')['new'], 0)
        self.assertEqual(target.read_text(), text, 'merging again changes nothing')

    def test_complete(self):
        template = self.write('x.pot', {'Unit': '', 'Estate': '', 'Case %(name)s': '', 'Team': ''})
        whole = {'Unit': '房屋', 'Estate': '项目', 'Case %(name)s': '案件 %(name)s', 'Team': '班组'}
        self.assertEqual(self.tool('complete', template, self.write('a.po', whole)), [])
        for broken, what in (({**whole, 'Unit': ''}, 'is not translated'), ({**whole, 'Unit': ('房屋', 'fuzzy')}, 'is fuzzy'),
                             ({**whole, 'Case %(name)s': '案件 %(nom)s'}, 'other placeholders'),
                             ({key: value for key, value in whole.items() if key != 'Team'}, '"Team" is not translated')):
            found = self.tool('complete', template, self.write('a.po', broken))
            self.assertEqual(len(found), 1, found)
            self.assertIn(what, found[0])
        self.assertIn('is missing', self.tool('complete', template, self.folder / 'none.po')[0])

    def test_stale_template(self):
        fresh = self.write('fresh.pot', {'Unit': '', 'New': ''})
        stale = self.write('x.pot', {'Unit': '', 'Gone': ''})
        found = self.tool('compare', fresh, stale)
        self.assertEqual(len(found), 2)
        self.assertIn('lacks "New"', found[0])
        self.assertIn('"Gone" is gone', found[1])
        self.assertEqual(self.tool('compare', fresh, fresh), [])

    def test_normalise_drops_dates(self):
        target = self.folder / 'y.pot'
        self.tool('normalise', self.write('x.pot', {'Unit': ''}), target)
        self.assertNotIn('POT-Creation-Date', target.read_text())
