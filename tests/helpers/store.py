"""A server of S3's protocol on this machine, with one bucket."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3

from tests.helpers.server import wait_until_it_listens
from tests.settings import free_port

KEYS = {"AWS_ACCESS_KEY_ID": "ministry", "AWS_SECRET_ACCESS_KEY": "site"}
BUCKET, REGION = "ministry", "us-east-1"


@contextmanager
def running_store() -> Iterator[tuple[int, str]]:
    """Run it in a process of its own: its id, and its address."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until_it_listens(process, port)
        address = f"http://127.0.0.1:{port}"
        client_of(address).create_bucket(Bucket=BUCKET)
        yield process.pid, address
    finally:
        process.kill()
        process.wait()


def client_of(address: str) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=address,
        region_name=REGION,
        aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
    )


def fill(address: str, media: Path) -> None:
    for file in media.glob("documents/**/*.pdf"):
        client_of(address).upload_file(str(file), BUCKET, str(file.relative_to(media)))


def storage_setting(address: str) -> dict[str, str]:
    return {**KEYS, "MEDIA_STORAGE": f"s3://{BUCKET}?endpoint={address}&region={REGION}"}
