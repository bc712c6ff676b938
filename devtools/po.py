"""Work on translation files with polib; run by devtools/i18n.py in Odoo's Python environment. Prints JSON."""
import json
import re
import sys
from pathlib import Path

import polib

# Header lines that change with every export and would make every diff noisy.
VOLATILE = ('POT-Creation-Date', 'PO-Revision-Date', 'Last-Translator', 'Language-Team')
PLACEHOLDER = re.compile(r'%\(\w+\)(?:\.\d+)?[sdifr]|%(?:\.\d+)?[sdifr]|\{\{.*?\}\}|\$\{.*?\}')


def normalise(source, target):
    """Copy a template without the header lines that change at each export."""
    po = polib.pofile(source, wrapwidth=78)
    for key in VOLATILE:
        po.metadata.pop(key, None)
    _save(po, target)
    return len(po)


def merge(template, target, language):
    """Bring `target` to the terms of `template`; translations stay, also those of terms that only moved."""
    pot = polib.pofile(template)
    old = polib.pofile(target) if Path(target).exists() else polib.POFile()
    known = {(entry.msgctxt, entry.msgid): entry for entry in old if not entry.obsolete}
    po = polib.POFile(wrapwidth=78)
    po.metadata = {**pot.metadata, 'Language': language, 'Plural-Forms': 'nplurals=1; plural=0;'}
    new = 0
    for entry in pot:
        before = known.pop((entry.msgctxt, entry.msgid), None)
        new += before is None
        po.append(polib.POEntry(
            msgid=entry.msgid, msgctxt=entry.msgctxt, comment=entry.comment, tcomment=entry.tcomment,
            occurrences=entry.occurrences, flags=[flag for flag in entry.flags if flag != 'fuzzy'],
            msgstr=before.msgstr if before else ''))
    _save(po, target)
    return {'terms': len(po), 'new': new, 'removed': len(known), 'missing': sum(not entry.msgstr for entry in po)}


def compare(fresh, committed):
    """Findings where the committed template lacks a term of the fresh one, or has one that is gone."""
    if not Path(committed).exists():
        return [f'{Path(committed).name} is missing: run ./dev i18n']
    now = {entry.msgid for entry in polib.pofile(fresh)}
    then = {entry.msgid for entry in polib.pofile(committed)}
    return ([f'{Path(committed).name}: lacks "{_short(text)}": run ./dev i18n' for text in sorted(now - then)]
            + [f'{Path(committed).name}: "{_short(text)}" is gone: run ./dev i18n' for text in sorted(then - now)])


def complete(template, target):
    """Findings where `target` has no proper translation of a term of `template`."""
    name = Path(target).name
    if not Path(target).exists():
        return [f'{name} is missing: run ./dev i18n']
    known = {entry.msgid: entry for entry in polib.pofile(target) if not entry.obsolete}
    found = []
    for entry in polib.pofile(template):
        translated = known.get(entry.msgid)
        if translated is None or not translated.msgstr.strip():
            found.append(f'{name}: "{_short(entry.msgid)}" is not translated')
        elif 'fuzzy' in translated.flags:
            found.append(f'{name}: "{_short(entry.msgid)}" is fuzzy')
        elif sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(PLACEHOLDER.findall(translated.msgstr)):
            found.append(f'{name}: "{_short(entry.msgid)}" has other placeholders in its translation')
    return found


def _short(text):
    text = ' '.join(text.split())
    return text if len(text) <= 70 else text[:67] + '…'


def _save(po, target):
    partial = Path(f'{target}.partial')
    po.save(str(partial))
    partial.replace(target)


if __name__ == '__main__':
    actions = {'normalise': normalise, 'merge': merge, 'compare': compare, 'complete': complete}
    json.dump(actions[sys.argv[1]](*sys.argv[2:]), sys.stdout)
