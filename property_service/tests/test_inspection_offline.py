import json
import tempfile
import time
from pathlib import Path

from odoo.tests import HttpCase, tagged
from odoo.tests.common import ChromeBrowser

from .common import PropertyServiceCase
from .inspection_common import PNG, InspectionCase

ONLINE = {'offline': False, 'latency': 0, 'downloadThroughput': -1, 'uploadThroughput': -1}
SYNC = 'document.querySelector(".o_property_sync").textContent'


@tagged('post_install', '-at_install')
class TestInspectionOffline(InspectionCase, PropertyServiceCase, HttpCase):
    """The network itself is cut under the page of an inspection, and the page is closed before it comes back."""

    browser_size = '375x667'
    touch_enabled = True

    def send(self, method, **params):
        return self.browser._websocket_request(method, params=params)

    def evaluate(self, expression):
        answer = self.send('Runtime.evaluate', expression=expression, returnByValue=True, awaitPromise=True)
        self.assertNotIn('exceptionDetails', answer, expression)
        return answer['result'].get('value')

    def wait_for(self, expression, seconds=30):
        end = time.monotonic() + seconds
        while not self.evaluate(expression):
            self.assertLess(time.monotonic(), end, f"{expression} never became true; the page says {self.evaluate('document.body.innerText')}")
            time.sleep(0.1)

    def set_offline(self, offline):
        """Cut the network, or mend it; the browser may take a moment to obey."""
        self.send('Network.emulateNetworkConditions', **{**ONLINE, 'offline': offline})
        if offline:
            self.wait_for('fetch("/web/health", { cache: "no-store" }).then(() => false, () => true)')

    def open_page(self, path):
        self.browser.navigate_to('about:blank', wait_stop=True)
        self.browser.navigate_to(self.base_url() + path, wait_stop=True)

    def answer(self, line, value):
        self.evaluate(f'document.getElementById("answer_{line.id}_{value}").click()')

    def type(self, line, selector, text):
        self.evaluate(f'''(() => {{
            const input = document.querySelector('[data-line-id="{line.id}"] {selector}');
            input.value = {json.dumps(text)};
            input.dispatchEvent(new Event("input", {{ bubbles: true }}));
        }})()''')

    def take_photo(self, line, path):
        root = self.send('DOM.getDocument')['root']['nodeId']
        node = self.send('DOM.querySelector', nodeId=root, selector=f'[data-line-id="{line.id}"] .o_property_camera')['nodeId']
        self.send('DOM.setFileInputFiles', nodeId=node, files=[str(path)])
        self.wait_for(f'''!!document.querySelector('[data-line-id="{line.id}"] .o_property_taken')''')

    def test_nothing_entered_is_lost(self):
        inspection = self.make_inspection(evaluator_id=self.inspector.id)
        lobby, lift, lamps, smile, files = inspection.line_ids
        path = f'/property/inspection/{inspection.id}'
        self.browser = ChromeBrowser(self)
        self.addCleanup(self.browser.stop)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        photo = Path(folder.name, 'lobby.png')
        photo.write_bytes(PNG)
        with self.allow_requests(browser=self.browser):
            self.addCleanup(self._wait_remaining_requests)
            self.authenticate('ps_quality', 'ps_quality', browser=self.browser)
            self.cr.flush()
            self.cr.clear()
            self.send('Network.enable')
            self.open_page(path)
            self.wait_for('!!document.querySelector(".o_property_sync.text-bg-success")')
            self.answer(lobby, 1)
            self.wait_for(f'''!!document.querySelector('[data-line-id="{lobby.id}"].o_property_saved')''')

            self.set_offline(True)
            self.take_photo(lobby, photo)
            self.answer(lift, 2)
            self.type(lift, '.o_property_note', "Scratches on the panel")
            self.type(lamps, '.o_property_number', "97.5")
            self.answer(smile, 'na')
            self.wait_for(f'{SYNC}.startsWith("No connection: 4")')
            self.evaluate('''(() => {
                const summary = document.querySelector(".o_property_summary");
                summary.value = "Lamps are out";
                summary.dispatchEvent(new Event("input", { bubbles: true }));
            })()''')
            self.env.invalidate_all()
            self.assertEqual(inspection.line_ids.filtered('is_answered'), lobby, "the server knows of nothing that was entered since")

            # The page is closed. The browser's cut holds for a page that lives: a last try of this one may still get through, so the
            # server is not asked from here on.
            self.browser.navigate_to('about:blank', wait_stop=True)

            self.set_offline(False)
            self.open_page(path)
            self.wait_for('!!document.querySelector(".o_property_sync.text-bg-success")')
            self.assertEqual(self.evaluate('document.querySelector(".o_property_summary").value'), "Lamps are out")
            self.answer(files, 1)
            self.wait_for('document.querySelectorAll(".o_property_item.o_property_saved").length == 5')
            self.evaluate('document.querySelector(".o_property_finish").click()')
            self.wait_for('!!document.querySelector(".o_property_finished")')
        self.env.invalidate_all()
        self.assertEqual((inspection.state, inspection.note), ('done', "Lamps are out"))
        self.assertEqual([line.value for line in inspection.line_ids], [1, 2, 97.5, 0, 1])
        self.assertEqual((lift.note, smile.not_applicable, lobby.photo_ids.mapped('name')), ("Scratches on the panel", True, ['lobby.png']))
