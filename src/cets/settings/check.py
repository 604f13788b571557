"""For tools that only look at the code (types, layers): a throw-away instance, no database."""

import json
import os
import tempfile
from pathlib import Path

_home = Path(tempfile.mkdtemp(prefix="cets-check-"))
(_home / "cets.toml").write_text(
    'mode = "demo"\nkeys_dir = "keys"\nstore_url = "file:///nowhere"\nheads_path = "heads.jsonl"\n'
)
(_home / "secrets.json").write_text(
    json.dumps(
        {
            "django_key": "none",
            "viewer_key": "00",
            "match_key": "00",
            "role_prefix": "none",
            "role_passwords": dict.fromkeys(("desk", "worker", "matcher"), ""),
        }
    )
)
os.environ["CETS_HOME"] = str(_home)
os.environ.setdefault("CETS_EMBEDDED_DSN", "dbname=none")

from cets.settings.test import *  # noqa: E402 - the instance must be there first
