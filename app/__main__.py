"""`python -m app` is `nacor`, where no entry point is installed."""

from app.cli import main

main()
