"""Limits on the size of images, checked before decoding and shown in the upload form."""

PIXELS = 40_000_000
PIXELS_OF_WEBP = 16_000_000  # its decoder needs four times the memory
SIDE = 12_000
RATIO = 100
