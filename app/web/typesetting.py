"""Documents on paper, set by Typst."""

import json
from collections.abc import Mapping
from typing import Any


def typeset(template: bytes, told: Mapping[str, Any]) -> bytes:
    """Return the PDF of `template`: the same bytes for the same content, whenever it is asked for.

    What is `told` stands in `sys.inputs.told` as JSON, so that nothing of it is read as markup.
    """
    import typst  # it takes 7 MiB, and few processes set a document

    pdf: bytes = typst.compile(
        template,
        format="pdf",
        ignore_system_fonts=True,  # else it would look different on every machine
        sys_inputs={"told": json.dumps(told)},
    )
    return pdf
