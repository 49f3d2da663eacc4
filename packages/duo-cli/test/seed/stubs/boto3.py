"""S3 as a directory: a bucket is a folder below SEED_BUCKETS."""

import io
import os

from botocore.exceptions import ClientError


class Client:
    def put_object(self, Bucket, Key, Body, ContentType):
        path = self._path(Bucket, Key)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(Body)

    def get_object(self, Bucket, Key):
        try:
            with open(self._path(Bucket, Key), "rb") as file:
                return {"Body": io.BytesIO(file.read())}
        except FileNotFoundError:
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")

    def _path(self, bucket, key):
        return os.path.join(os.environ["SEED_BUCKETS"], bucket, key)


def client(name):
    return Client()
