"""Reads what an account's parent reads with Duo's own client (https://github.com/duosecurity/duo_client_python), as JSON."""

import http.client
import json
import sys
import urllib.parse

import duo_client

url, ikey, skey, host, mintime, maxtime = sys.argv[1:7]
logs = json.loads(sys.argv[7])


def connect(self):
    """Signs for the API host, and talks to the simulator in plain HTTP."""
    return http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc)


duo_client.client.Client._connect = connect
children = duo_client.Accounts(ikey, skey, host).get_child_accounts()
read = {}
for child in children:
    admin = duo_client.admin.AccountAdmin(child["account_id"], ikey=ikey, skey=skey, host=host)
    read[child["account_id"]] = {}
    for name, path, style in logs:
        params = {"mintime": mintime, "maxtime": maxtime, "limit": "100"}
        if style == "time":
            params = {"mintime": str(int(mintime) // 1000)}
        if style == "cursor":
            params["sort"] = "ts:asc"
        try:
            read[child["account_id"]][name] = admin.json_api_call("GET", path, params)
        except RuntimeError as error:
            read[child["account_id"]][name] = str(error)
print(json.dumps({"children": children, "read": read}))
