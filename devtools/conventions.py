"""The project's own rules for its files, those that no linter knows."""
import ast
import re
import subprocess

MAX_LINES = 500
TEXT = {'.py', '.xml', '.js', '.scss', '.css', '.md', '.rst', '.csv', '.po', '.pot', '.txt', '.toml', '.cfg', '.html', '.sh', ''}
# Pieces are joined here so that this file does not find itself.
MACHINE_PATHS = re.compile(r'(?<![\w.$~{}-])/(?:' + '|'.join(['work', 'root', 'home', 'Users']) + r')/[\w.-]')
REGISTRY_HOSTS = re.compile(r'\b(?:' + '|'.join([r'pypi\.' + 'org', r'pythonhosted\.' + 'org', r'deb\.debian\.' + 'org',
                                                r'registry\.npmjs\.' + 'org', r'security\.debian\.' + 'org']) + r')\b')
SECRETS = re.compile(r'-----BEGIN [A-Z ]*PRIVATE KEY-----|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bAKIA[0-9A-Z]{16}\b')


def tracked_files(root):
    """Files of the repository, and new ones that git would take."""
    names = subprocess.run(['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], cwd=root, check=True,
                           capture_output=True, text=True).stdout.split('\0')
    return [root / name for name in names if name and (root / name).is_file()]


def check(root, files=None):
    """List of findings, `path:line: what`, for the repository at `root`."""
    found = []
    for path in files if files is not None else tracked_files(root):
        if path.suffix not in TEXT:
            continue
        name = path.relative_to(root).as_posix()
        try:
            lines = path.read_text(encoding='utf-8').splitlines()
        except UnicodeDecodeError:
            if path.suffix in ('.py', '.xml', '.js', '.md'):
                found.append(f'{name}:1: not UTF-8')
            continue
        if path.suffix in ('.py', '.js') and len(lines) > MAX_LINES:
            found.append(f'{name}:1: {len(lines)} lines; split the file (at most {MAX_LINES})')
        for number, line in enumerate(lines, 1):
            found += [f'{name}:{number}: {what}' for what in _line_findings(name, line)]
    return found


def unlisted_data(addon):
    """Findings for XML files, and tables of access rights, that the manifest does not load."""
    manifest = ast.literal_eval((addon / '__manifest__.py').read_text(encoding='utf-8'))
    listed = {*manifest.get('data', ()), *manifest.get('demo', ())}
    return [f'{addon.name}/{name}:1: is not in the manifest'
            for path in sorted(addon.rglob('*')) if path.suffix in ('.xml', '.csv')
            if (name := path.relative_to(addon).as_posix()) not in listed
            and not name.startswith(('static/', 'tests/', 'i18n/'))
            and (path.suffix == '.xml' or name.startswith('security/'))]


def _line_findings(name, line):
    if MACHINE_PATHS.search(line):
        yield 'names a path of one machine'
    if REGISTRY_HOSTS.search(line):
        yield 'names the host of a package registry'
    if SECRETS.search(line):
        yield 'looks like a secret'
    in_addon = name.startswith('property_service/') and name.endswith('.py') and '/tests/' not in name
    raises = re.search(r'^(?!\s*#).*\.sudo\((?!False\)|self\.env\.su\))', line)  # sudo(False) gives rights back
    if in_addon and raises and not re.search(r'#.*\bsudo:', line):
        yield 'sudo() without its reason (# sudo: …) on the line'
