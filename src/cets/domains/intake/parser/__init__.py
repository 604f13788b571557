"""Foreign bytes are read in a process of their own; only plain rows come back.

`client.Parser` starts and guards the process, `child` is that process, `wire` what passes between them,
`confine` what it is not allowed to do.
"""
