"""Tells a folder in which a file is missing from one whose disk is not mounted."""

from pathlib import Path
from typing import Final

from app.storage.blobs.errors import out_of_reach, told_as_busy

MARKER: Final = "received-files.txt"
_WORDS: Final = (
    "The case files that a registry has received.\n"
    "Keep this file: by it the service knows that the disk is mounted.\n"
)


class MarkedFolder:
    """The first file that is kept comes with the marker. An empty mount point has none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._was_there = False

    def require(self) -> None:
        """Raises: ServiceBusy if no file was ever kept here, or the folder cannot be reached."""
        if not self._is_there():
            raise out_of_reach("its folder is not mounted, or lacks " + MARKER)

    def require_unless_new(self) -> None:
        """A file that is put into an empty mount point is lost from sight with the next mount.

        Raises: ServiceBusy if the folder was there before and is not now.
        """
        was_there = self._was_there  # before looking: another thread may put the marker there
        if not self._is_there() and was_there:
            raise out_of_reach("its folder is no longer mounted")

    def mark(self) -> None:
        """Raises: OSError."""
        marker = self.path / MARKER
        if not marker.exists():
            marker.touch(mode=0o600)
            marker.write_text(_WORDS)
        self._was_there = True

    def _is_there(self) -> bool:
        with told_as_busy():
            is_there = (self.path / MARKER).exists()
        if is_there:
            self._was_there = True
        return is_there
