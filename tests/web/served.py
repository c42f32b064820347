"""A site with a past (history_site.c) for a test in Python."""
import contextlib
import http.client
import pathlib
import subprocess
import tempfile
import urllib.parse

here = pathlib.Path(__file__).resolve().parent


@contextlib.contextmanager
def served(program, history=here / 'history.json', settings=None):
    """Gives the address while the site is up."""
    with tempfile.NamedTemporaryFile('w', suffix='.ini') as ini:
        ini.write(settings or '')
        ini.flush()
        server = subprocess.Popen([program, str(history), str(here.parent / 'record' / 'samples.json'), ini.name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            yield server.stdout.readline().strip()
        finally:
            server.stdin.close()
            assert server.wait() == 0, 'the site did not end well'  # a sanitizer tells so


class Answer:
    def __init__(self, raw):
        self.status, self.headers, self.bytes = raw.status, raw.headers, raw.read()

    @property
    def text(self):
        return self.bytes.decode('utf-8')

    def __getitem__(self, name):
        return self.headers.get(name)


def ask(address, target, method='GET', **headers):
    """One request; a header's name is written with _ for -. Redirects are not followed."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(address).netloc, timeout=20)
    connection.request(method, target, headers={name.replace('_', '-'): value for name, value in headers.items()})
    answer = Answer(connection.getresponse())
    connection.close()
    return answer
