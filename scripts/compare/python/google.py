"""One invocation of Google's function, as Lambda makes it: see tools/google-function."""

import sys

import google_function

result = google_function.load()["lambda_handler"]({}, None)
if result["statusCode"] != 200:
    sys.exit(result["body"])
