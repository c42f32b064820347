"""An instance in a temporary folder with records of one's own, served; and promises in TAP. For tests of interfaces over HTTP."""
import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback
import urllib.error
import urllib.parse
import urllib.request

environment = {**os.environ, "LC_ALL": "C.UTF-8"}


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    @property
    def type(self):
        return self.headers.get("Content-Type", "")


class Instance:
    running = []

    def __init__(self, program, records, *of_init):
        """records: {kind: [{"id", "body"}]}; of_init: further options of init."""
        self.program = os.path.abspath(program)
        self.folder = tempfile.mkdtemp(prefix="aftermine-interface-")
        atexit.register(self.end)
        self.server = None
        self.call("init", f"{self.folder}/site", "--origin", "land.example.org", *of_init)
        with open(f"{self.folder}/records.json", "w") as file:
            json.dump([{"kind": kind, **one} for kind, list_of_kind in records.items() for one in list_of_kind], file)
        self.call("import", f"{self.folder}/site", f"{self.folder}/records.json", "--publish")

    def call(self, *arguments):
        done = subprocess.run([self.program, *arguments], capture_output=True, text=True, env=environment, timeout=120)
        if done.returncode:
            raise SystemExit(f"{arguments}: {done.stdout}{done.stderr}")
        return done.stdout

    def serve(self):
        self.server = subprocess.Popen([self.program, "serve", f"{self.folder}/site", "--listen", "127.0.0.1:0", "--access-log", ""], stdout=subprocess.PIPE, text=True, env=environment)
        self.address = self.server.stdout.readline().split()[-1].rstrip("/")
        Instance.running.append(self)

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

    def end(self):
        if self.server:
            self.server.terminate()
            self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


promises = []


def promise(sentence):
    def register(function):
        promises.append((sentence, function))
        return function
    return register


@promise("the server ends as it should when told to, with nothing lost or left")
def ended():
    for one in Instance.running:
        one.server.terminate()
        assert one.server.wait(timeout=60) == 0, one.server.returncode


def keep_promises():
    promises.append(promises.pop(0))  # its end comes last
    print(f"1..{len(promises)}")
    failed = False
    for number, (sentence, function) in enumerate(promises, 1):
        try:
            function()
            print(f"ok {number} - {sentence}", flush=True)
        except Exception:  # noqa: BLE001: whatever goes wrong is the test's failure
            failed = True
            print(f"not ok {number} - {sentence}", flush=True)
            for line in traceback.format_exc().splitlines():
                print(f"# {line}")
    sys.exit(failed)
