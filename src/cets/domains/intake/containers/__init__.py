"""Files inside files: one unpacking for every container, with its limits. A format only lists and unpacks.

`entries` says what a format offers, `limits` what is taken, `unpacking` makes rows of it, `names` guards the names.
`zip_format`, `tar_format`, `seven_zip_format` and `compressed` are the formats; `streams` unpacks packed streams.
"""
