"""Headless Chromium by its DevTools protocol: enough to log in, click and take pictures. Needs websocket-client."""
import base64
import itertools
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from websocket import create_connection

from .console import DevError
from .system import CHROMIUM

FLAGS = (
    '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', '--hide-scrollbars', '--remote-debugging-port=0',
    '--remote-allow-origins=*', '--force-prefers-reduced-motion',
)


class Browser:
    """A browser with an empty profile; use as a context manager."""

    def __init__(self, base_url):
        self.base_url = base_url.rstrip('/')
        self._ids = itertools.count(1)

    def __enter__(self):
        program = next(filter(None, map(shutil.which, CHROMIUM)), None)
        if not program:
            raise DevError('chromium is missing: apt-get install chromium')
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._process = subprocess.Popen(
            [program, *FLAGS, f'--user-data-dir={self._profile.name}', 'about:blank'],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        port_file = Path(self._profile.name, 'DevToolsActivePort')
        self._wait(lambda: port_file.exists() and port_file.read_text().count('\n') >= 1, 'chromium did not start')
        port = port_file.read_text().split()[0]
        pages = json.load(urllib.request.urlopen(f'http://127.0.0.1:{port}/json/list'))
        page = next(page for page in pages if page['type'] == 'page')
        self._socket = create_connection(page['webSocketDebuggerUrl'], timeout=300)
        self.send('Page.enable')
        self.send('Runtime.enable')
        self.send('Network.enable')
        self.send('Emulation.setTimezoneOverride', timezoneId='Asia/Shanghai')  # where the demo's estates are
        return self

    def __exit__(self, *_exception):
        self._socket.close()
        self._process.terminate()
        self._process.wait(10)
        self._profile.cleanup()

    def send(self, method, **params):
        """Call a DevTools method and return its result."""
        number = next(self._ids)
        self._socket.send(json.dumps({'id': number, 'method': method, 'params': params}))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get('method') == 'Page.javascriptDialogOpening':  # "leave this page?" of a form that is not saved
                self._socket.send(json.dumps({
                    'id': next(self._ids), 'method': 'Page.handleJavaScriptDialog', 'params': {'accept': True}}))
            if answer.get('id') == number:
                if 'error' in answer:
                    raise DevError(f"{method}: {answer['error']['message']}")
                return answer['result']

    def evaluate(self, expression):
        """Run JavaScript in the page and return its (JSON) value; promises are awaited."""
        result = self.send('Runtime.evaluate', expression=expression, awaitPromise=True, returnByValue=True, userGesture=True)
        if 'exceptionDetails' in result:
            details = result['exceptionDetails']
            raise DevError(details.get('exception', {}).get('description') or details['text'])
        return result['result'].get('value')

    def size(self, width, height, phone=False):
        self.send('Emulation.setDeviceMetricsOverride', width=width, height=height, deviceScaleFactor=2 if phone else 1, mobile=phone)
        self.send('Emulation.setTouchEmulationEnabled', enabled=phone)

    def login(self, database, login, password):
        """Start a session as the user; the next pages are theirs."""
        self.send('Network.clearBrowserCookies')
        body = json.dumps({'jsonrpc': '2.0', 'params': {'db': database, 'login': login, 'password': password}}).encode()
        request = urllib.request.Request(
            f'{self.base_url}/web/session/authenticate', body, {'Content-Type': 'application/json'})
        with urllib.request.urlopen(request) as response:
            if 'error' in json.load(response):
                raise DevError(f'cannot log in as {login}')
            cookies = response.headers.get_all('Set-Cookie')
        session = next(cookie for cookie in cookies if cookie.startswith('session_id=')).split(';')[0].split('=', 1)[1]
        self.send('Network.setCookie', name='session_id', value=session, url=self.base_url)

    def cookie(self, name, value):
        self.send('Network.setCookie', name=name, value=value, url=self.base_url)

    def open(self, path, wait_for='body', seconds=60):
        """Load a page and wait until ``wait_for`` (a CSS selector) is there and nothing is loading any more."""
        self.send('Page.navigate', url='about:blank')
        self.send('Page.navigate', url=self.base_url + path)
        self.wait_for(wait_for, seconds)

    def wait_for(self, selector, seconds=40):
        quoted = json.dumps(selector)
        self._wait(lambda: self.evaluate(
            f'document.readyState === "complete" && !!document.querySelector({quoted})'
            ' && !document.querySelector(".o_blockUI, .o_loading_indicator")'), f'{selector} did not appear', seconds)
        time.sleep(0.7)  # images, fonts and transitions

    def click(self, selector):
        self.wait_for(selector)
        self.evaluate(f'document.querySelector({json.dumps(selector)}).click()')

    def screenshot(self, path, full=False):
        """Save a PNG of the window, or of the whole page."""
        params = {}
        if full:
            box = self.send('Page.getLayoutMetrics')['cssContentSize']
            params = {'captureBeyondViewport': True, 'clip': {**box, 'x': 0, 'y': 0, 'scale': 1}}
        data = self.send('Page.captureScreenshot', format='png', **params)['data']
        Path(path).write_bytes(base64.b64decode(data))

    @staticmethod
    def _wait(ready, message, seconds=60):
        end = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > end:
                raise DevError(message)
            time.sleep(0.1)
