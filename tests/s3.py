"""A server that speaks S3: moto's, over HTTP on loopback."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import boto3
from moto.server import ThreadedMotoServer


@contextmanager
def served() -> Iterator[str]:
    """Yields its endpoint; it ends with its thread."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def a_bucket(endpoint: str) -> str:
    """A new one, empty. The credentials are in the environment."""
    name = f"bucket-{uuid4().hex}"
    boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(Bucket=name)
    return name
