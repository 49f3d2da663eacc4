"""Google's function, out of the document that SEED_FUNCTION names. What it asks of the API host goes to DUO_API_URL."""

import itertools
import os
import textwrap
import urllib.request


def load():
    """Runs the function's own lines, unmodified, and returns what they define, by name."""
    with open(os.environ["SEED_FUNCTION"], encoding="utf-8") as document:
        source = function_in(document.read())
    urllib.request.urlopen = redirected
    defined = {"__name__": "collector"}
    exec(compile(source, os.environ["SEED_FUNCTION"], "exec"), defined)
    return defined


def function_in(document):
    """The function alone, or cut out of the document that shows it indented."""
    lines = document.splitlines()
    start = next(n for n, line in enumerate(lines) if line.strip() == "import json")
    indent = lines[start][: lines[start].index("import")]
    code = itertools.takewhile(lambda line: not line.strip() or line.startswith(indent), lines[start:])
    return textwrap.dedent("\n".join(code))


urlopen = urllib.request.urlopen


def redirected(request, timeout):
    host = "https://" + os.environ["DUO_API_HOST"]
    request.full_url = os.environ["DUO_API_URL"] + request.full_url.removeprefix(host)
    return urlopen(request, timeout=timeout)
