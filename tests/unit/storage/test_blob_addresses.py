"""Where the received files are, as a deployment says it."""

import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import Settings
from app.storage.blobs import BlobAddressWrong, blob_store_at
from app.storage.blobs.addresses import S3Address, parse_blob_address
from tests.blob_shelves import FixedKeys


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("var/blobs", Path("var/blobs")),
        ("/srv/blobs", Path("/srv/blobs")),
        ("file:///srv/blobs", Path("/srv/blobs")),
        ("file://localhost/srv/blobs", Path("/srv/blobs")),
        ("file:///srv/two%20words", Path("/srv/two words")),
        ("s3://registry", S3Address(bucket="registry")),
        ("s3://registry/", S3Address(bucket="registry")),
        ("s3://registry/received/files/", S3Address(bucket="registry", prefix="received/files/")),
        ("s3://registry?region=us-east-2", S3Address(bucket="registry", region="us-east-2")),
        (
            "s3://registry/received?endpoint=https://minio.example:9000",
            S3Address(bucket="registry", prefix="received/", endpoint="https://minio.example:9000"),
        ),
    ],
)
def test_an_address_is_a_folder_or_a_bucket(url: str, address: Path | S3Address) -> None:
    assert parse_blob_address(url) == address


@pytest.mark.parametrize(
    "url",
    [
        "",
        "file://server/share",
        "gs://registry/received",
        "s3://",
        "s3:///received",
        "s3://Registry_Files",
        "s3://key:secret@registry",
        "s3://registry?endpoint=minio.example",
        "s3://registry?endpoint=https://key:secret@minio.example",
        "s3://registry?acl=public-read",
    ],
)
def test_other_addresses_are_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(BlobAddressWrong, match="blob store") as refused:
        parse_blob_address(url)
    assert "secret" not in str(refused.value)


def test_a_setting_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(ValidationError, match="the blob store is a path") as refused:
        Settings.from_environ({"NACOR_BLOB_URL": "ftp://files.example/received"})
    (fault,) = refused.value.errors()
    assert fault["loc"] == ("blob_url",)


def test_a_missing_library_is_told_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)  # as where the extra was not installed
    with pytest.raises(BlobAddressWrong, match=r"pip install '.\[s3\]'"):
        blob_store_at("s3://registry", spool=tmp_path, keys=FixedKeys())
