"""Runs Google's function once: S3 is a directory, and it is SEED_NOW (ms)."""

import datetime
import os
import time

now = int(os.environ["SEED_NOW"]) / 1000
time.time = lambda: now
time.sleep = lambda seconds: None


class FixedDatetime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(now, tz)


datetime.datetime = FixedDatetime

# Only now: the function takes what it imports as it finds it.
import google_function

print(google_function.load()["lambda_handler"]({}, None)["statusCode"])
