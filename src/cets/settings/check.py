"""For tools that only look at the code (types, layers): a throw-away instance, no database."""

import json
import os
import tempfile
from pathlib import Path

from cets.settings import types

_home = Path(tempfile.mkdtemp(prefix="cets-check-"))
(_home / "cets.toml").write_text(
    'mode = "demo"\nkeys_dir = "keys"\nstore_url = "file:///nowhere"\nheads_path = "heads.jsonl"\n'
)
(_home / "secrets").mkdir()
_none = dict.fromkeys(("django_key", "viewer_key", "match_key", "second_factor_key"), "00")
_none_of_roles = dict.fromkeys(("desk", "worker", "matcher"), "")
for _file in types.SECRET_FILES:
    (_home / _file).write_text(json.dumps(_none | {"role_prefix": "none", "role_passwords": _none_of_roles}))
os.environ["CETS_HOME"] = str(_home)
os.environ.setdefault("CETS_EMBEDDED_DSN", "dbname=none")

from cets.settings.test import *  # noqa: E402 - the instance must be there first
