"""Plays the way to X for requests: the host is the test's, all else is the libraries' own doing."""
import os

from requests.adapters import HTTPAdapter

HOSTS = ("https://api.x.com/", "https://api.twitter.com/")
send = HTTPAdapter.send


def to_the_test(self, request, **options):
    host = next((host for host in HOSTS if request.url.startswith(host)), None)
    if host is None:
        raise RuntimeError(f"a recipe asks another host: {request.url}")
    request.url = os.environ["RECIPES_API"] + "/" + request.url[len(host):]
    return send(self, request, **options)


HTTPAdapter.send = to_the_test
