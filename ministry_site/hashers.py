from django.contrib.auth import hashers


class Argon2PasswordHasher(hashers.Argon2PasswordHasher):
    """
    Argon2id with the parameters that OWASP's Password Storage Cheat Sheet lists first.

    Django's default of 100 MiB a hash would let a few logins at once exhaust a small machine.
    """

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1
