"""The stories that can be clicked through, one a module: `tell(calendar, draw)` returns its deliveries."""
