"""How large a picture may be: looked at before it is decoded, and said where one is chosen."""

PIXELS = 40_000_000
PIXELS_OF_WEBP = 16_000_000  # its decoder needs four times the memory
SIDE = 12_000
RATIO = 100
