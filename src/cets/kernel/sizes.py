"""Sizes of files for people: one way of telling them, on screens, in messages and on the command line."""

KILOBYTE, MEGABYTE, GIGABYTE = 1024, 1024**2, 1024**3


def words(size: int) -> str:
    """Word a size by steps of 1024, as limits are set: 812 bytes, 48 kB, 1.4 MB, 200 MB."""
    if size < KILOBYTE:
        return f"{size} byte" if size == 1 else f"{size} bytes"
    if size < MEGABYTE - KILOBYTE // 2:
        return f"{size / KILOBYTE:.0f} kB"
    unit, name = (MEGABYTE, "MB") if size < GIGABYTE else (GIGABYTE, "GB")
    return f"{size / unit:.1f}".removesuffix(".0") + f" {name}"
