"""
The ASGI application around Django's WSGI handler (docs/adr/0027).

No thread waits for a peer: a body is received before a thread is taken, and an answer is sent
after the thread is released.
"""

from ministry_site.serving.server import Server

__all__ = ["Server"]
