"""`nacor peers refresh`: the comparisons with peers, made anew at once."""

import typer

from app.cli.databases import open_database
from app.measures.catalogue.catalogue import load_catalogue
from app.measures.peers.refreshing import PeerRefreshing


def refresh(*, only_changed: bool) -> None:
    with open_database() as open_work:
        peers = PeerRefreshing(open_work=open_work, catalogue=load_catalogue())
        years = peers.refresh_changed() if only_changed else peers.refresh_all()
    made = ", ".join(map(str, years))
    typer.echo(f"Compared with peers: {made}." if made else "There is nothing to compare.")
