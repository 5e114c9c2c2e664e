"""How the commands about the catalogue print; apart, for the command line itself names it."""

from enum import StrEnum


class CatalogueFormat(StrEnum):
    TEXT = "text"
    JSON = "json"
