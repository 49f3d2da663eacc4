"""Runs the function in SEED_FUNCTION once, unmodified: S3 is a directory, Duo is at DUO_API_URL, and it is SEED_NOW (ms)."""

import datetime
import itertools
import os
import textwrap
import time
import urllib.request

now = int(os.environ["SEED_NOW"]) / 1000
time.time = lambda: now
time.sleep = lambda seconds: None


class FixedDatetime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(now, tz)


datetime.datetime = FixedDatetime
urlopen = urllib.request.urlopen


def redirected(request, timeout):
    host = "https://" + os.environ["DUO_API_HOST"]
    request.full_url = os.environ["DUO_API_URL"] + request.full_url.removeprefix(host)
    return urlopen(request, timeout=timeout)


urllib.request.urlopen = redirected


def function_in(document):
    """The function alone, or cut out of the document that shows it indented."""
    lines = document.splitlines()
    start = next(n for n, line in enumerate(lines) if line.strip() == "import json")
    indent = lines[start][: lines[start].index("import")]
    code = itertools.takewhile(lambda line: not line.strip() or line.startswith(indent), lines[start:])
    return textwrap.dedent("\n".join(code))


with open(os.environ["SEED_FUNCTION"], encoding="utf-8") as document:
    source = function_in(document.read())
collector = {"__name__": "collector"}
exec(compile(source, os.environ["SEED_FUNCTION"], "exec"), collector)
print(collector["lambda_handler"]({}, None)["statusCode"])
