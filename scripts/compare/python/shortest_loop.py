"""The shortest loop that one would write with Duo's own client (https://github.com/duosecurity/duo_client_python), once: from where the
last one ended to two minutes ago, page after page. What it prints is what it delivers."""

import json
import os
import sys
import time

import duo_client

state = os.environ["COMPARE_STATE"]
admin = duo_client.Admin(os.environ["DUO_IKEY"], os.environ["DUO_SKEY"], os.environ["DUO_API_HOST"])
mintime = int(float(os.environ["COMPARE_START"]) * 1000)
if os.path.exists(state):
    with open(state) as file:
        mintime = json.load(file)
maxtime = int(time.time() * 1000) - 120_000
cursor = None
while maxtime > mintime:
    page = admin.get_telephony_log(
        api_version=2, mintime=mintime, maxtime=maxtime, limit=1000, sort="asc", next_offset=cursor
    )
    for record in page["items"]:
        sys.stdout.write(json.dumps(record) + "\n")
    sys.stdout.flush()
    cursor = page["metadata"].get("next_offset")
    if not page["items"] or not cursor:
        break
with open(state, "w") as file:
    json.dump(maxtime + 1, file)
