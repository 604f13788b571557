"""One writer for each layout in which the nation's files come. None of them knows how CETS reads."""
