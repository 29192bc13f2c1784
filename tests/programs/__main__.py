"""Run a program of this package in a process of the site: `python -m tests.programs NAME`."""

import sys
from importlib import import_module

import django

if __name__ == "__main__":
    django.setup()
    import_module(f"tests.programs.{sys.argv[1]}").main(*sys.argv[2:])
