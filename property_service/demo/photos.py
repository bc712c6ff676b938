"""Small pictures of what residents report and of the finished work, drawn here so that the addon need not carry files."""
import io
import random

from PIL import Image, ImageDraw

SIZE = (320, 240)
#: category -> scene
SCENES = {
    'repair': 'pipe', 'home': 'window', 'facility': 'corridor', 'cleaning': 'floor', 'security': 'parking',
    'convenience': 'paper', 'decoration': 'paper', 'enquiry': 'paper',
}


def draw_photo(category, variant, after=False):
    """Return a PNG as bytes.

    :param str category: code of the service category, chooses the scene
    :param int variant: any number; equal numbers give equal pictures
    :param bool after: how it looks when the work is done
    """
    rng = random.Random(f'{category}-{variant}')
    image = Image.new('RGB', SIZE, (222, 218, 208))
    draw = ImageDraw.Draw(image)
    globals()[f'_draw_{SCENES[category]}'](draw, rng, after)
    return _encode(image, 64)


def draw_signature(name):
    """Return a hand-written looking line as a PNG, always the same for a name."""
    rng = random.Random(name)
    image = Image.new('RGBA', (300, 100), (255, 255, 255, 0))
    draw = ImageDraw.Draw(image)
    x, y = 20, 60
    points = [(x, y)]
    while x < 270:
        x += rng.randint(4, 16)
        y = min(90, max(12, y + rng.randint(-30, 30)))
        points.append((x, y))
    draw.line(points, fill=(20, 30, 90, 255), width=3, joint='curve')
    return _encode(image, None)


def _encode(image, colors):
    stream = io.BytesIO()
    (image.quantize(colors) if colors else image).save(stream, 'PNG', optimize=True)
    return stream.getvalue()


def _tiles(draw, color, step=40):
    for x in range(0, SIZE[0], step):
        draw.line([(x, 0), (x, SIZE[1])], fill=color)
    for y in range(0, SIZE[1], step):
        draw.line([(0, y), (SIZE[0], y)], fill=color)


def _draw_pipe(draw, rng, after):
    draw.rectangle([0, 0, *SIZE], fill=rng.choice([(216, 224, 228), (228, 222, 210), (205, 214, 205)]))
    _tiles(draw, (190, 196, 200))
    x = rng.randint(120, 190)
    draw.rectangle([0, 92, SIZE[0], 110], fill=(150, 154, 160), outline=(110, 114, 120))
    draw.rectangle([x, 92, x + 18, 200], fill=(160, 164, 170), outline=(110, 114, 120))
    draw.ellipse([x - 12, 82, x + 30, 122], fill=(196, 160, 70) if after else (120, 92, 60), outline=(70, 60, 40))
    if not after:
        for _drop in range(14):
            dx, dy = x + rng.randint(-24, 34), rng.randint(120, 215)
            draw.ellipse([dx, dy, dx + 5, dy + 9], fill=(70, 130, 190))
        draw.ellipse([x - 90, 205, x + 110, 236], fill=(120, 165, 205))


def _draw_window(draw, rng, after):
    draw.rectangle([0, 0, *SIZE], fill=rng.choice([(235, 228, 214), (224, 230, 226)]))
    draw.rectangle([60, 30, 260, 200], fill=(150, 195, 225), outline=(245, 245, 245), width=10)
    draw.line([(160, 30), (160, 200)], fill=(245, 245, 245), width=8)
    draw.polygon([(60, 200), (110, 150), (160, 180), (210, 140), (260, 200)], fill=(95, 140, 95))
    if after:
        draw.rectangle([150, 105, 158, 135], fill=(190, 190, 195))
    else:
        draw.polygon([(160, 40), (250, 52), (250, 205), (160, 192)], outline=(90, 90, 90), width=4)
        for _stain in range(9):
            x = rng.randint(20, 290)
            draw.line([(x, 205), (x + rng.randint(-4, 4), rng.randint(214, 238))], fill=(140, 120, 90), width=3)


def _draw_corridor(draw, rng, after):
    light = 1.0 if after else 0.4

    def shade(*color):
        return tuple(int(part * light) for part in color)
    draw.rectangle([0, 0, *SIZE], fill=shade(210, 205, 195))
    draw.polygon([(0, 240), (110, 130), (210, 130), (320, 240)], fill=shade(160, 150, 140))
    draw.polygon([(0, 0), (110, 60), (210, 60), (320, 0)], fill=shade(235, 235, 230))
    door = rng.choice([(120, 130, 140), (130, 100, 80)])
    draw.rectangle([125, 72, 195, 130], fill=shade(*door), outline=shade(60, 60, 60), width=2)
    draw.line([(160, 72), (160, 130)], fill=shade(60, 60, 60))
    draw.ellipse([135, 18, 185, 36], fill=(255, 245, 190) if after else (70, 70, 60))
    if not after:
        draw.rectangle([146, 92, 174, 108], fill=(200, 40, 30))


def _draw_floor(draw, rng, after):
    draw.rectangle([0, 0, *SIZE], fill=rng.choice([(200, 196, 188), (188, 194, 198)]))
    _tiles(draw, (170, 168, 160), 53)
    if after:
        for x in (40, 150, 230):
            draw.line([(x, 20), (x - 30, 90)], fill=(232, 232, 228), width=4)
        return
    for _stain in range(18):
        x, y, radius = rng.randint(20, 290), rng.randint(20, 210), rng.randint(4, 26)
        brown = rng.randint(80, 120)
        draw.ellipse([x, y, x + radius * 2, y + radius], fill=(brown, brown - 18, brown - 40))
    for _bag in range(3):
        x, y = rng.randint(10, 240), rng.randint(90, 170)
        draw.ellipse([x, y, x + 64, y + 52], fill=rng.choice([(40, 42, 48), (70, 90, 120), (150, 150, 150)]))


def _draw_parking(draw, rng, after):
    draw.rectangle([0, 0, *SIZE], fill=(92, 96, 100))
    for x in (20, 120, 220, 320):
        draw.line([(x, 60), (x - 20, 240)], fill=(235, 235, 235), width=4)
    draw.rectangle([0, 40, SIZE[0], 58], fill=(210, 170, 40))
    if not after:
        color = rng.choice([(160, 30, 30), (30, 30, 34), (225, 225, 228), (40, 70, 130)])
        draw.rounded_rectangle([70, 100, 250, 190], 26, fill=color, outline=(20, 20, 20), width=3)
        draw.rounded_rectangle([110, 84, 210, 130], 18, fill=(150, 180, 200), outline=(20, 20, 20), width=3)
        for x in (96, 196):
            draw.ellipse([x, 172, x + 34, 206], fill=(20, 20, 20))


def _draw_paper(draw, rng, after):
    draw.rectangle([0, 0, *SIZE], fill=(150, 120, 90))
    draw.polygon([(50, 20), (280, 30), (270, 225), (40, 215)], fill=(250, 250, 246))
    for row in range(6):
        draw.rectangle([75 + row % 2 * 90, 50 + row // 2 * 48, 150 + row % 2 * 90, 90 + row // 2 * 48],
                       outline=(70, 90, 130), width=2)
    for _line in range(5):
        y = rng.randint(45, 195)
        draw.line([(80, y), (80 + rng.randint(30, 150), y)], fill=(120, 130, 150))
    if after:
        draw.ellipse([190, 140, 262, 212], outline=(200, 30, 30), width=4)
        draw.line([(208, 178), (222, 192), (246, 160)], fill=(200, 30, 30), width=4)
