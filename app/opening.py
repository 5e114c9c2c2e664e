"""Opens the database and the files of a deployment; little is loaded for it, as commands are short.

What works on them is put together in `app.deployment`, which loads all of it.
"""

from sqlalchemy import Engine

from app.domain.errors.service import KeysMissing
from app.domain.master_keys import MasterKeys
from app.settings import Settings
from app.storage.blobs import BlobStore, blob_store_at
from app.storage.database import create_database_engine
from app.storage.embedded.database import embedded_database_url
from app.storage.sealing.data_keys import FILES, DataKeys, KeysOf
from app.storage.sealing.key_file import make_key_file, read_key_file


def create_engine_for(settings: Settings) -> Engine:
    """The engine of the deployment's database: its own, or the embedded one, started if need be."""
    url = settings.database_url or embedded_database_url(settings.data_dir)
    return create_database_engine(url)


def create_data_keys(settings: Settings, engine: Engine) -> DataKeys:
    """Raises: KeysMissing when no master key is configured."""
    return DataKeys(engine, master_keys_of(settings))


def create_blob_store(settings: Settings, keys: DataKeys) -> BlobStore:
    return blob_store_at(settings.blobs, spool=settings.spool, keys=KeysOf(keys, FILES))


def master_keys_of(settings: Settings) -> MasterKeys:
    """Those of the settings, and behind them that of the key file, which is made if need be.

    Raises: KeysMissing when there is none and the database is not the embedded one: other machines
    that use it would not have a file of this one.
    """
    kept = read_key_file(settings.key_file)
    if kept is None and not settings.secret_keys:
        if settings.database_url is not None:
            raise KeysMissing("Set NACOR_SECRET_KEY: with a database of your own it is needed.")
        kept = make_key_file(settings.key_file)
    return MasterKeys([*settings.secret_keys, *([] if kept is None else [kept])])
