"""What tests in Python share: promises, each a sentence and the function that keeps it, told in TAP, and a program called as people call it.

By hand: PYTHONPATH=tests python3 tests/cli/test_cli.py build/src/cli/aftermine ...
"""
import atexit
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import traceback

environment = {**os.environ, "LC_ALL": "C.UTF-8"}
source = pathlib.Path(os.environ.get("AFTERMINE_SOURCE", ".")).resolve()
data = pathlib.Path(os.environ.get("AFTERMINE_TESTDATA", source / ".." / "shared" / "data")).resolve()  # other people's, which may be missing
promises = []


class NotHere(Exception):
    """What a promise needs is not on this machine: it counts as skipped."""


def promise(said, needs=None):
    """Of a function: @promise("a sentence"), or @promise where its name is the sentence. needs: a folder of the data."""
    def register(function, sentence=said):
        promises.append((sentence, function, needs))
        return function
    return register(said, said.__name__.replace("_", " ")) if callable(said) else register


def keep_promises(*arguments):
    """Calls the functions with the arguments, each whatever became of those before, and ends."""
    print(f"1..{len(promises)}")
    failed = False
    for number, (sentence, function, needs) in enumerate(promises, 1):
        try:
            if needs and not (data / needs).is_dir():
                raise NotHere(f"AFTERMINE_TESTDATA does not lead to {needs}")
            function(*arguments)
            print(f"ok {number} - {sentence}", flush=True)
        except NotHere as why:
            print(f"ok {number} - {sentence} # SKIP {why}", flush=True)
        except Exception:  # noqa: BLE001: whatever goes wrong is the test's failure
            failed = True
            print(f"not ok {number} - {sentence}", flush=True)
            for line in traceback.format_exc()[-4000:].splitlines():
                print(f"# {line}", flush=True)
    sys.exit(failed)


class Program:
    """A program, and a folder of its own to call it in, which goes when the test ends."""

    def __init__(self, path):
        self.path, self.folder, self.servers = os.path.abspath(path), pathlib.Path(tempfile.mkdtemp(prefix="aftermine-test-")), []
        atexit.register(self.end)

    def call(self, *arguments, **options):
        return subprocess.run([self.path, *map(str, arguments)], **{"capture_output": True, "text": True, "env": environment, "cwd": self.folder, "timeout": 300, **options})

    def do(self, *arguments, status=0, **options):
        """The same, which must end with that status."""
        done = self.call(*arguments, **options)
        assert done.returncode == status, (arguments, done.returncode, done.stdout[-2000:], done.stderr[-2000:])
        return done

    def serve(self, *arguments):
        """Starts a server on a port of the system's choice; gives its address, without a slash at its end."""
        server = subprocess.Popen([self.path, *map(str, arguments), "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True, env=environment, cwd=self.folder)
        self.servers.append(server)
        for line in server.stdout:
            if "listens on" in line:
                return line.split()[-1].rstrip("/")
        raise RuntimeError("it did not start")

    def stop(self):
        """Ends its servers, which must end well."""
        while self.servers:
            server = self.servers.pop()
            server.terminate()
            assert server.wait(timeout=60) == 0, server.returncode

    def end(self):
        for server in self.servers:
            server.kill()
            server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
