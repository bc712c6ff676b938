import base64
import io
import re

from PIL import Image

from odoo import http
from odoo.tests import HttpCase

from .common import PropertyServiceCase


def make_photo(kind='PNG', size=(8, 8)):
    """Return the bytes of a small picture."""
    stream = io.BytesIO()
    Image.new('RGB', size, (30, 120, 160)).save(stream, kind)
    return stream.getvalue()


SIGNATURE = base64.b64encode(make_photo(size=(40, 20))).decode()


class PropertyServicePortalCase(PropertyServiceCase, HttpCase):
    """Residents at the portal: real HTTP, real rights."""

    def login(self, role):
        self.authenticate(f'ps_{role}', f'ps_{role}')

    def get(self, path, **kwargs):
        return self.url_open(path, **kwargs)

    def post(self, path, data=None, files=None, csrf=True):
        """POST a form as the page would send it; ``csrf=False`` leaves the token out."""
        data = dict(data or {})
        if csrf:
            data['csrf_token'] = http.Request.csrf_token(self)
        return self.url_open(path, data=data, files=files, allow_redirects=False)

    def get_version(self, request):
        """Return what the forms on the request's page send back."""
        return re.search(r'name="version" value="([^"]*)"', self.get(f'/my/services/{request.id}').text)[1]

    def step(self, request, step, **data):
        """Take a step from a freshly opened page."""
        return self.post(f'/my/services/{request.id}/{step}', {'version': self.get_version(request), **data})

    def new_form(self, **changes):
        return {
            'unit_id': self.unit.id, 'type_id': self.type_repair.id, 'title': "Kitchen tap leaks",
            'description': "Since this morning.", **changes}

    def get_error(self, response):
        found = re.search(r'o_property_error" role="alert">(.*?)</div>', response.text, re.DOTALL)
        return found and found[1]
