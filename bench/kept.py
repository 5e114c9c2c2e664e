"""What was measured of each part, kept so that a page can be made of parts measured one by one."""

import pickle
from pathlib import Path
from typing import Final

from bench.fixed import OUT
from bench.measured import Measured
from bench.setting import Sizes

_FOLDER: Final = OUT / "measured"


def keep(part: str, measured: Measured, sizes: Sizes) -> None:
    place = _place(part, sizes)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(pickle.dumps(measured))


def kept(part: str, sizes: Sizes) -> Measured | None:
    """The newest figures of a part at these sizes, None if it was never measured at them."""
    place = _place(part, sizes)
    if not place.exists():
        return None
    measured: Measured = pickle.loads(place.read_bytes())  # noqa: S301 - our own file
    return measured


def _place(part: str, sizes: Sizes) -> Path:
    named = f"{sizes.records}-{sizes.pairs}-{sizes.few}-{sizes.many}-{sizes.requests}"
    return _FOLDER / f"{part}-{named}.pickle"
