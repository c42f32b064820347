"""Holds the log of a demo instance against Go's own verifier. Speaks TAP. usage: verify.py SOURCE-ROOT AFTERMINE"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

source, aftermine = pathlib.Path(sys.argv[1]), sys.argv[2]
library = pathlib.Path("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog")
if not shutil.which("go") or not library.is_dir():
    print("1..0 # SKIP golang-go and golang-golang-x-mod-dev are not installed")
    sys.exit(0)

with tempfile.TemporaryDirectory(prefix="aftermine-log-") as folder:
    # Debian's packages of Go sources, offline: the old way without modules.
    environment = dict(os.environ, GO111MODULE="off", GOPATH="/usr/share/gocode", GOCACHE=folder + "/cache", GOFLAGS="", GOTOOLCHAIN="local", CGO_ENABLED="0")
    verifier = folder + "/verifier"
    subprocess.run(["go", "build", "-o", verifier, str(source / "tests/log/verifier/main.go")], check=True, env=environment)
    instance = folder + "/instance"
    subprocess.run([aftermine, "init", instance, "--demo", "--origin", "land.example.org"], check=True, stdout=subprocess.DEVNULL)
    server = subprocess.Popen([aftermine, "serve", instance, "--listen", "127.0.0.1:0", "--access-log", ""], stdout=subprocess.PIPE, text=True)
    try:
        address = server.stdout.readline().split()[-1].rstrip("/")
        names = ["case/sudbury-regreening/1", "pledge/vale-2030-forest-goal/1", "organisation/vale/1"]
        sys.stdout.flush()
        code = subprocess.run([verifier, address, *names], check=False).returncode
    finally:
        server.terminate()
        server.wait()
sys.exit(code)
