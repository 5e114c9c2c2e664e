"""An intake service for anesthesia cases."""

VERSION = "0.1.0"
"""Of the package too; the image has no package, only this."""
