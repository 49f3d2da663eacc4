"""Python loads this before anything else, so that what runs after it needs no change: time passes COMPARE_SPEED times as fast, and what
is asked of Duo's host over TLS goes to the simulator."""

import asyncio
import atexit
import datetime
import http.client
import os
import resource
import time
import urllib.parse

speed = float(os.environ["COMPARE_SPEED"])
# Both in seconds: what the clock showed, and what it should have shown.
begun, start = float(os.environ["COMPARE_BEGUN"]), float(os.environ["COMPARE_START"])

real_time, real_sleep, real_gmtime, real_asyncio_sleep = time.time, time.sleep, time.gmtime, asyncio.sleep


def now():
    return start + (real_time() - begun) * speed


class FastDatetime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(now(), tz)

    @classmethod
    def utcnow(cls):
        return cls.fromtimestamp(now(), datetime.timezone.utc).replace(tzinfo=None)


def asyncio_sleep(delay, result=None):
    return real_asyncio_sleep(delay / speed, result)


time.time = now
time.sleep = lambda seconds: real_sleep(seconds / speed)
time.gmtime = lambda seconds=None: real_gmtime(now() if seconds is None else seconds)
datetime.datetime = FastDatetime
asyncio.sleep = asyncio_sleep

try:
    from duo_client.client import Client
except ImportError:
    Client = None

if Client is not None:
    simulator = urllib.parse.urlsplit(os.environ["DUO_API_URL"]).netloc
    Client._connect = lambda self: http.client.HTTPConnection(simulator, timeout=30)


def tell_usage():
    """What this process has taken, for whoever started it: one that is killed is asked before."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    with open(os.environ["COMPARE_USAGE"], "a") as file:
        # On Linux ru_maxrss is in KB.
        file.write(f"{(usage.ru_utime + usage.ru_stime) * 1000} {usage.ru_maxrss}\n")


atexit.register(tell_usage)
