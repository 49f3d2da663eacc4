"""The same at the level of gzip that this project's collector has."""

import google_gzipped
from google_gzipped import collect  # noqa: F401: run_once.py calls it

google_gzipped.level = 6
