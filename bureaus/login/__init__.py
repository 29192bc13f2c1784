"""
How an officer comes in and when he is shown out: limits, sessions, the second factor.

All of it stands below /admin/ (docs/adr/0013): a public page asks nobody who he is.
"""
