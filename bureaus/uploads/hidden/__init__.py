"""
Hidden content of files: what a program reads in them and a reader of the pages does not see.

Part of the child process (`bureaus.uploads`), but for `rules`, which the site reads too.
"""
