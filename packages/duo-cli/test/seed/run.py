"""Runs Google's function once, unmodified: S3 is a directory, Duo is at DUO_API_URL, and it is SEED_NOW (ms)."""

import datetime
import importlib.util
import os
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

path = os.path.join(os.path.dirname(__file__), "duo-telephony-logs-collector.py")
spec = importlib.util.spec_from_file_location("collector", path)
collector = importlib.util.module_from_spec(spec)
spec.loader.exec_module(collector)
print(collector.lambda_handler({}, None)["statusCode"])
