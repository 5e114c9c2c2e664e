"""A server that speaks S3, in a process of its own: it checks signatures and rights."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from tests.processes import free_port
from tests.waiting import PATIENCE_SECONDS

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

REGION = "us-east-1"
_MAY_DO_ALL = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
}
_REQUESTS_UNTIL_ALL_ARE_CHECKED = 3  # those that make the account


@dataclass(frozen=True, kw_only=True)
class S3Server:
    """`environment` is what somebody sets who may use it; `client` asks it besides the service."""

    endpoint: str
    environment: Mapping[str, str]
    client: "S3Client"

    def new_bucket(self) -> str:
        bucket = f"received-{uuid4().hex}"
        self.client.create_bucket(Bucket=bucket)
        return bucket

    def names_in(self, bucket: str) -> list[str]:
        found = self.client.list_objects_v2(Bucket=bucket).get("Contents", [])
        return [entry["Key"] for entry in found]


@contextmanager
def running_s3_server() -> Iterator[S3Server]:
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    with subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        env={
            **os.environ,
            "INITIAL_NO_AUTH_ACTION_COUNT": str(_REQUESTS_UNTIL_ALL_ARE_CHECKED),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            environment = _new_account(endpoint)
            yield S3Server(
                endpoint=endpoint,
                environment=environment,
                client=_client("s3", endpoint, environment),
            )
        finally:
            process.kill()


def _new_account(endpoint: str) -> dict[str, str]:
    nobody = {"AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nobody"}
    iam = _client("iam", endpoint, nobody)
    _as_soon_as_it_runs(lambda: iam.create_user(UserName="registry"))
    iam.put_user_policy(
        UserName="registry", PolicyName="all", PolicyDocument=json.dumps(_MAY_DO_ALL)
    )
    key = iam.create_access_key(UserName="registry")["AccessKey"]
    return {
        "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",  # a test that is told no need not ask again
    }


def _client(service: str, endpoint: str, environment: Mapping[str, str]) -> Any:
    return boto3.session.Session().client(
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        config=Config(retries={"total_max_attempts": 1}),
    )


def _as_soon_as_it_runs(ask: Any) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            ask()
        except BotoCoreError:
            assert time.monotonic() < deadline, "the S3 server does not start"
            time.sleep(0.1)
        else:
            return
