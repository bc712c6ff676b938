"""QR codes as PNG images. Odoo's own barcode route draws them with an optional part of reportlab that may be missing."""
import io

from PIL import Image
from reportlab.graphics.barcode import qrencoder

_QUIET_ZONE = 4  # modules of white around the code, as ISO/IEC 18004 asks
_MASK = 2


def qr_png(text, module=8):
    """Return a QR code with medium error correction (15 % may be dirty or torn) as PNG.

    :param str text: what the code says, for example an address
    :param int module: width of one little square in pixels
    :rtype: bytes
    """
    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(text)
    code.version = code.calculate_version()
    # Any of the eight masks may be used; trying all for the handsomest makes a sheet of a whole estate ten times slower.
    code.makeImpl(False, _MASK)
    size = code.getModuleCount()
    image = Image.new('1', (size + 2 * _QUIET_ZONE, size + 2 * _QUIET_ZONE), 1)
    for row in range(size):
        for column in range(size):
            if code.isDark(row, column):
                image.putpixel((column + _QUIET_ZONE, row + _QUIET_ZONE), 0)
    image = image.resize((image.width * module, image.height * module), Image.Resampling.NEAREST)
    output = io.BytesIO()
    image.save(output, 'PNG')
    return output.getvalue()
