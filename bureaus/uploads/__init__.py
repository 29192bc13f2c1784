"""
Safe intake of uploads: a child process without settings or secrets opens each file.

`intake` and `storage` are for the site. The modules of the child (`sandbox_worker`, `images`,
`pdf`, `ooxml`, `csv_files`, `file_types`, `file_names`, `invalid_upload`) import neither Django nor
the models.
"""
