"""Tables, from whichever file: guess what the columns hold, then read the rows by that map."""

from cets.domains.intake.tables.cells import Cell, Grid, TooLong
from cets.domains.intake.tables.grids import read_grid
from cets.domains.intake.tables.guess import guess_map
from cets.domains.intake.tables.headings import looks_like_a_list, looks_like_a_table

__all__ = ["Cell", "Grid", "TooLong", "guess_map", "looks_like_a_list", "looks_like_a_table", "read_grid"]
