"""Where somebody goes after signing in: a page of this service, wherever they came from."""

from typing import Final

HOME: Final = "/home"
_LONGEST: Final = 2_000


def local_path(asked: str | None) -> str:
    """Return `asked` if it is a path here, HOME instead of anything else.

    Browsers read a backslash as a slash and leave out tabs and line ends, so that two slashes in
    either writing would begin the address of another service.
    """
    if asked is None or len(asked) > _LONGEST or not asked.isprintable() or "\\" in asked:
        return HOME
    return asked if asked.startswith("/") and not asked.startswith("//") else HOME
