"""
How requests get a thread: the ASGI application around Django's WSGI handler (docs/adr/0027).

A thread works on a request and waits for no peer: a body is received before a thread is taken,
and an answer is sent after it is given back.
"""

from ministry_site.serving.server import Server

__all__ = ["Server"]
