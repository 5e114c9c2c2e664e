"""The files of editions, each made whole with what it leaves to the one that it extends."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from app.measures.catalogue.toml_files import read_toml

_Toml = dict[str, Any]

_KEYS: Final = {
    "eligibility": "reason",
    "exclusions": "reason",
    "derived_met": "reason",
    "derived_not_met": "reason",
    "rates": "part",
}
"""Lists whose entries are replaced one by one, and what tells them apart."""


class EditionFiles:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._wholes: dict[str, _Toml] = {}

    def whole(self, name: str, above: tuple[str, ...] = ()) -> _Toml:
        """Return an edition with what it leaves to the one that it extends.

        A key of its own stands in the place of the other's. Of the lists of criteria only those
        with the same reason are replaced, each in its place; of rates what an entry of the same
        part says otherwise.

        Raises: ValueError, naming the file.
        """
        if name not in self._wholes:
            self._wholes[name] = self._made_whole(name, above)
        return self._wholes[name]

    def _made_whole(self, name: str, above: tuple[str, ...]) -> _Toml:
        own = read_toml(self._path(name))
        base_name = own.pop("extends", None)
        if base_name is None:
            return own
        if base_name in (name, *above) or not self._path(base_name).exists():
            raise ValueError(f"{name}.toml: extends {base_name}, which is not there or extends it")
        base = self.whole(base_name, (name, *above))
        for part in _KEYS.keys() & own.keys():
            own[part] = _with_replaced(base.get(part, []), own[part], _KEYS[part], name)
        return base | own

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.toml"


@cache
def edition_files(data: Path) -> EditionFiles:
    """Return the editions of a folder of measure data: each is read once, whoever asks."""
    return EditionFiles(data / "editions")


def _with_replaced(base: list[_Toml], own: list[_Toml], key: str, name: str) -> list[_Toml]:
    instead = {entry.get(key): entry for entry in own}
    if strangers := instead.keys() - {entry.get(key) for entry in base}:
        raise ValueError(f"{name}.toml: replaces what it does not extend: {strangers}")
    if key == "part":
        return [entry | instead.get(entry.get(key), {}) for entry in base]
    return [instead.get(entry.get(key), entry) for entry in base]
