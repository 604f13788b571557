"""Where sealed originals lie: a local folder or an S3-compatible store.

Both fulfil `cets.domains.vault.blobs.BlobStore`. obstore does the work, with one exception that `local.py`
explains: what "durable" means on a local disk.
"""

from cets.adapters.storage.local import LocalBlobStore
from cets.adapters.storage.remote import RemoteBlobStore
from cets.adapters.storage.urls import open_store

__all__ = ["LocalBlobStore", "RemoteBlobStore", "open_store"]
