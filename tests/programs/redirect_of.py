"""Print where a request for an address of the site is redirected to."""

from django.test import Client


def main(host: str, address: str) -> None:
    print(Client(HTTP_HOST=host).get(address).headers["Location"])
