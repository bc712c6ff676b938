"""Odoo 19 out of Debian's archive, unpacked into the cache: nothing is installed on the machine.

Debian's unstable suite has the package `odoo-19`. It links fonts and three JavaScript libraries to other packages;
they are unpacked beside it. apt verifies signatures with the keys that the machine already trusts.
"""
import re
import shutil
import subprocess
from pathlib import Path

from .console import DevError, step
from .paths import held_locks

ODOO_PACKAGE = 'odoo-19'
# The suite that has the file names which the links of odoo-19 point to (newer suites moved some of them).
COMPANIONS = [
    'libjs-jquery/bookworm', 'libjs-jquery-form/bookworm', 'libjs-underscore/bookworm', 'fonts-font-awesome/bookworm',
    'fonts-roboto-unhinted/bookworm', 'fonts-inconsolata/bookworm', 'fonts-montserrat/sid',
]
# Left out of Debian's package (it is a prebuilt file), yet named in the asset bundles: the backend does not start without it.
MISSING_ASSET = 'addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js'
MISSING_ASSET_TEXT = '// Left out of this distribution: background blur in video calls is not available.\n'


def parse_sources(text):
    """Yield (uri, signed_by, suites) of each entry of an apt sources file, one-line or deb822 format."""
    for line in re.findall(r'^deb\s+(.+)$', text, re.MULTILINE):
        options = re.match(r'\[(.*?)\]\s*', line)
        signed = re.search(r'signed-by=(\S+)', options.group(1)) if options else None
        words = line[options.end():].split() if options else line.split()
        if len(words) >= 2:
            yield words[0], signed.group(1) if signed else '', [words[1]]
    for stanza in re.split(r'\n\s*\n', text):
        fields = dict(re.findall(r'^([A-Za-z-]+):[ \t]*(.+)$', stanza, re.MULTILINE))
        if 'deb' in fields.get('Types', '').split() and fields.get('URIs'):
            yield fields['URIs'].split()[0], fields.get('Signed-By', '').strip(), fields.get('Suites', '').split()


def find_archive(etc=Path('/etc')):
    """(uri, signed_by) of the Debian archive that this machine already uses, or None on other systems."""
    release = etc / 'os-release'
    if not release.exists() or not re.search(r'^ID=debian$', release.read_text(), re.MULTILINE):
        return None
    apt = etc / 'apt'
    files = [apt / 'sources.list', *sorted(apt.glob('sources.list.d/*'))]
    for path in files:
        if path.suffix not in ('.list', '.sources') or not path.is_file():
            continue
        for uri, signed_by, suites in parse_sources(path.read_text()):
            if uri.rstrip('/').endswith('/debian') and not any('security' in suite for suite in suites):
                return uri, signed_by
    return None


def available():
    return bool(shutil.which('apt-get') and shutil.which('dpkg-deb') and find_archive())


def fetch(into):
    """Download and unpack Odoo and its companions below the directory `into`; return the folder to put on sys.path."""
    work = into / 'apt'
    for folder in ('lists/partial', 'cache/archives/partial', 'sources', 'debs'):
        (work / folder).mkdir(parents=True)
    uri, signed_by = find_archive()
    stanza = f'Types: deb\nURIs: {uri}\nSuites: bookworm sid\nComponents: main\n'
    if signed_by:
        stanza += f'Signed-By: {signed_by}\n'
    (work / 'sources' / 'debian.sources').write_text(stanza)
    options = [
        '-o', 'Dir::Etc::sourcelist=/dev/null', '-o', f'Dir::Etc::sourceparts={work}/sources',
        '-o', f'Dir::State::lists={work}/lists', '-o', f'Dir::Cache={work}/cache',
        '-o', 'APT::Sandbox::User=root', '-o', 'Acquire::Languages=none', '-o', 'Acquire::Retries=3',
    ]
    step('Reading Debian\'s package lists')
    _apt(['apt-get', *options, 'update'], work)
    step('Downloading Odoo 19 (about 125 MB)')
    _apt(['apt-get', *options, 'download', f'{ODOO_PACKAGE}/sid', *COMPANIONS], work / 'debs')
    step('Unpacking Odoo 19')
    for archive in sorted((work / 'debs').glob('*.deb')):
        subprocess.run(['dpkg-deb', '-x', str(archive), str(into)], check=True, pass_fds=held_locks())
    shutil.rmtree(work)
    packages = into / 'usr/lib/python3/dist-packages'
    asset = packages / 'odoo' / MISSING_ASSET
    if not asset.exists():
        asset.parent.mkdir(parents=True, exist_ok=True)
        asset.write_text(MISSING_ASSET_TEXT)
    return packages


def _apt(command, cwd):
    try:
        subprocess.run(command, cwd=cwd, check=True, stdin=subprocess.DEVNULL, stdout=2, pass_fds=held_locks())
    except subprocess.CalledProcessError as error:
        raise DevError(f'apt could not fetch Odoo from Debian (exit code {error.returncode}); '
                       'its messages are above. Run the command again to retry.') from None
