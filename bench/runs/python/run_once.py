"""`run_once.py <module>`: what run-once.cjs does, for Python: loads a collector, invokes it once, says what it took."""

import importlib
import json
import resource
import sys
import time

before = time.perf_counter()
collector = importlib.import_module(sys.argv[1])
load = time.perf_counter() - before


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


cpu_before, before = cpu(), time.perf_counter()
records = collector.collect()
cpu_taken, wall = cpu() - cpu_before, time.perf_counter() - before
# The last line: a collector may print, too. On Linux ru_maxrss is in KB.
took = {"load": load * 1000, "cpu": cpu_taken * 1000, "wall": wall * 1000}
print(json.dumps({**took, "records": records, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))
