"""What others made and is served here is as they published it, with its license."""

import tomllib
from hashlib import sha256

from app.portal.pages import STATIC

FOLDER = STATIC / "vendored"


def test_every_vendored_file_is_the_published_one() -> None:
    listed = tomllib.loads((FOLDER / "vendored.toml").read_text())["file"]
    named = {"vendored.toml"}
    for file in listed:
        content = (FOLDER / file["name"]).read_bytes()
        assert sha256(content).hexdigest() == file["sha256"], file["name"]
        assert file["version"] in file["source"]
        assert file["license_files"], "a license goes with it"
        named |= {file["name"], *file["license_files"]}
    assert {path.name for path in FOLDER.iterdir()} == named
