"""An instance with records of one's own, served: for tests of interfaces over HTTP."""
import json
import urllib.error
import urllib.parse
import urllib.request

import promises
from promises import promise


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    @property
    def type(self):
        return self.headers.get("Content-Type", "")


class Instance(promises.Program):
    def __init__(self, program, records, *of_init):
        """records: {kind: [{"id", "body"}]}; of_init: further options of init."""
        super().__init__(program)
        self.site = self.folder / "site"
        self.do("init", self.site, "--origin", "land.example.org", *of_init)
        (self.folder / "records.json").write_text(json.dumps([{"kind": kind, **one} for kind, list_of_kind in records.items() for one in list_of_kind]))
        self.do("import", self.site, "records.json", "--publish")

    def serve(self):
        self.address = super().serve("serve", self.site, "--access-log", "")

    def get(self, path, parameters=None, accept=None, data=None, headers=None):
        address = path if path.startswith("http") else self.address + path
        if parameters:
            address += "?" + urllib.parse.urlencode(parameters)
        request = urllib.request.Request(address, data=data, headers={**({"Accept": accept} if accept else {}), **(headers or {})})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())


def keep_promises(*instances):
    """All of this test; and that the servers end as they should."""
    @promise("the server ends as it should when told to, with nothing lost or left")
    def ended():
        for one in instances:
            one.stop()

    promises.keep_promises()
