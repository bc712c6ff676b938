"""Where the figures of indicators come from: one small class per source, one file per subject. See ``base.py``."""
from . import base
from . import cases, conduct, inspections, quality, resources, surveys, training
from . import results
from .base import SOURCES
