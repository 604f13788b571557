"""`python -m bench.extraction_corpus FILE [MEGABYTES [SEED]]`: the text, and beside it its labels, one JSON object a line."""

import json
import sys
from pathlib import Path

from bench.extraction_corpus import write


def main(name: str, megabytes: str = "20", seed: str = "1") -> None:
    """Write both files and say how much is in them."""
    path = Path(name)
    labels = write(path, float(megabytes), int(seed))
    with path.with_suffix(".labels.jsonl").open("w", encoding="utf-8") as file:
        for sort in ("identifiers", "decoys", "doubtful"):
            for one in getattr(labels, sort):
                file.write(json.dumps({"list": sort, **one._asdict()}, ensure_ascii=False) + "\n")
    print(
        json.dumps(
            {
                "bytes": labels.size,
                "documents": labels.documents,
                "identifiers": len(labels.identifiers),
                "decoys": len(labels.decoys),
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
