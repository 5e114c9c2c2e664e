"""Where the PostgreSQL of a run of tests lives."""

import tempfile
from pathlib import Path


def new_cluster_folder() -> Path:
    # Not in pytest's folder: as root the server runs under an account that cannot go there.
    folder = Path(tempfile.mkdtemp(dir="/var/tmp", prefix="nacor-tests-"))
    folder.chmod(0o755)
    return folder
