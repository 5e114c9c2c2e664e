"""Reads one file of the measure data."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "data"


def read_toml(path: Path) -> dict[str, Any]:
    """Return what the file holds, numbers with a point as decimals.

    Raises: ValueError, naming the file, also when it is not there.
    """
    try:
        return tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    except FileNotFoundError:
        raise ValueError(f"{path.name} is named, and not there") from None
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from error
