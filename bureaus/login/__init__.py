"""
Login limits, sessions and the second factor.

All of it concerns addresses below /admin/ (docs/adr/0013): public pages know no accounts.
"""
