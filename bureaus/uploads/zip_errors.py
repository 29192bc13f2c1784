"""What reading a damaged ZIP archive raises: as an Office document, or as the pages of a site."""

import lzma
import zlib
from zipfile import BadZipFile

DAMAGED_ZIP = (
    BadZipFile,
    EOFError,
    NotImplementedError,  # a kind of compression that zipfile does not know
    UnicodeDecodeError,  # a name that its entry declares to be UTF-8
    lzma.LZMAError,
    zlib.error,
)
