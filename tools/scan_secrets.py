"""Looks for keys and passwords in the files that git knows, for `make secrets` and `make check`.

Exit 0: none; 1: some, they are listed without their text. What looks like one and is made up stands
in `not_secrets.txt`: a path and the SHA-1 of the text, as this prints them.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from detect_secrets import SecretsCollection
from detect_secrets.settings import transient_settings

_ROOT = Path(__file__).parents[1]
_NOT_SECRETS = Path(__file__).with_name("not_secrets.txt")
_LEFT_OUT = ("requirements/", "schemas/", "tests/data/", "docs/images/", "docs/reference/")
_DETECTORS = {
    "plugins_used": [
        {"name": "AWSKeyDetector"},
        {"name": "AzureStorageKeyDetector"},
        {"name": "Base64HighEntropyString", "limit": 4.5},
        {"name": "BasicAuthDetector"},
        {"name": "GitHubTokenDetector"},
        {"name": "GitLabTokenDetector"},
        {"name": "HexHighEntropyString", "limit": 3.0},
        {"name": "JwtTokenDetector"},
        {"name": "PrivateKeyDetector"},
        {"name": "PypiTokenDetector"},
        {"name": "SendGridDetector"},
        {"name": "SlackDetector"},
    ],
    "filters_used": [{"path": "detect_secrets.filters.heuristic.is_sequential_string"}],
}


def main() -> int:
    found = {(path, digest): place for path, digest, place in _found()}
    made_up = {(path, digest) for path, digest in map(str.split, _made_up())}
    lines = [f"{place} (SHA-1 {each[1]})" for each, place in found.items() if each not in made_up]
    lines += [f"{path} {digest}: no longer there" for path, digest in made_up - found.keys()]
    sys.stdout.write("\n".join(["secrets:", *(lines or ["none"])]) + "\n")
    return 1 if lines else 0


def _made_up() -> list[str]:
    return [line for line in _NOT_SECRETS.read_text().splitlines() if not line.startswith("#")]


def _found() -> Iterator[tuple[str, str, str]]:
    """The path, the SHA-1 of the text, and where it stands and what it looks like."""
    secrets = SecretsCollection(root=str(_ROOT))
    with transient_settings(_DETECTORS):
        for path in _files():
            secrets.scan_file(path)
    for path, secret in secrets:
        yield path, secret.secret_hash, f"{path}:{secret.line_number}: {secret.type}"


def _files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - the git of who runs this
        cwd=_ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    return [path for path in listed.stdout.split("\0") if path and not path.startswith(_LEFT_OUT)]


if __name__ == "__main__":
    sys.exit(main())
