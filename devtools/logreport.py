"""Reads Odoo's log of a test run or an installation and judges it.

A run is good when every test that started passed, none was skipped, and the log holds no warning or error but the few
that core itself writes on the same actions without this addon (CORE_NOISE, each with its reason).
"""
import re
from dataclasses import dataclass, field

RECORD = re.compile(
    r'^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ (?P<level>[A-Z]+) (?P<db>\S+) (?P<logger>[^\s:]+): (?P<text>.*)$')
OUTCOME = re.compile(r'^(?P<kind>FAIL|ERROR): (?P<test>.*)$')
SUBTEST = re.compile(r'^Subtest (\S+)')
# Odoo repeats test failures in summaries; the failures themselves are counted.
SUMMARY = re.compile(r'^(Module \S+: \d+ failures, \d+ errors of \d+ tests|At least one test failed when loading the modules)')
BAD_LEVELS = ('WARNING', 'ERROR', 'CRITICAL')

# (logger, pattern of the first line, reason)
CORE_NOISE = []


@dataclass
class LogReport:
    """Feed it the log line by line. `on_event(kind, text)` is called as things happen; kinds: class, fail, problem."""
    on_event: callable = lambda kind, text: None
    started: list = field(default_factory=list)
    failed: dict = field(default_factory=dict)      # test -> why
    problems: list = field(default_factory=list)    # warnings and errors that are no test's
    finished: bool = False                          # Odoo printed its own summary of tests
    tail: list = field(default_factory=list)

    def feed(self, line):
        self.tail = [*self.tail[-60:], line]
        match = RECORD.match(line)
        if not match:
            self._continuation(line)
            return
        self._last = None
        level, logger, text = match['level'], match['logger'], match['text'].rstrip()
        if text.startswith('Starting ') and text.endswith(' ...') and '.tests.' in logger:
            self._start(f"{logger}.{text[9:-4]}")
        elif text.startswith('skipped ') and '.tests' in logger:
            name, _sep, reason = text[8:].partition(' : ')
            self._fail(f'{logger}.{name}', f'skipped: {reason}')
        elif logger == 'odoo.tests.result':
            self.finished = True
        elif level in BAD_LEVELS and not (SUMMARY.match(text) and self.failed):
            outcome = OUTCOME.match(text)
            if outcome and level == 'ERROR':
                name = SUBTEST.sub(r'\1', outcome['test'])
                name = SUBTEST.match(outcome['test'])[1] if SUBTEST.match(outcome['test']) else name
                self._fail(f'{logger}.{name}', outcome['kind'])
            elif not any(re.fullmatch(noise, logger) and re.search(pattern, text) for noise, pattern, _why in CORE_NOISE):
                self._problem(f'{level} {logger}: {text}')

    def _start(self, test):
        if not self.started or self.started[-1].rpartition('.')[0] != test.rpartition('.')[0]:
            self.on_event('class', test.rpartition('.')[0])
        self.started.append(test)

    def _fail(self, test, why):
        self.failed.setdefault(test, why)
        self._last = ('fail', test)
        self.on_event('fail', f'{why}: {test}')

    def _problem(self, text):
        self.problems.append(text)
        self._last = ('problem', text)
        self.on_event('problem', text)

    _last = None

    def _continuation(self, line):
        """Traceback lines below a record belong to it; show them while a failure is being told."""
        if self._last:
            self.on_event('detail', line)
        elif line.startswith('Traceback (most recent call last)'):
            # A traceback that belongs to no warning or error: the process itself crashed, or printed to stderr.
            self._problem(line)

    def counts(self):
        """(passed, failed): tests that did not pass, and each problem of the log, count as failed."""
        good = [test for test in self.started if test not in self.failed]
        return len(good), len(self.failed) + len(self.problems)
