"""Google's function as its guide shows it."""

import json

import google_function

function = google_function.load()


def collect():
    result = function["lambda_handler"]({}, None)
    if result["statusCode"] != 200:
        raise RuntimeError(result["body"])
    return json.loads(result["body"])["logs_count"]
