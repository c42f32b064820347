#!/usr/bin/env python3
"""Measures the land of many sites and prints rows of a table: what <TAB> figure <TAB> goal <TAB> kept or missed."""
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

BUILD = pathlib.Path(sys.argv[1]).resolve()
SITES = int(os.environ.get('SITES', 50000))
PLEDGES = int(os.environ.get('PLEDGES', 5000))
SECONDS = int(os.environ.get('SECONDS_EACH', 5))
PAGES = {'/': 'home page', '/countries': 'page of all countries', '/countries/AUS': "a country's page", '/sites/overlaps': 'list of overlaps'}
folder = pathlib.Path(tempfile.mkdtemp(prefix='aftermine-bench-'))


def row(what, figure, goal='', kept=None):
    print(f'{what}\t{figure}\t{goal}\t{"" if kept is None else "kept" if kept else "MISSED"}', flush=True)


def p99(url):
    """Milliseconds of wrk's 99th percentile with 4 clients; n makes every address a new one, so that no kept page answers."""
    script = folder / 'anew.lua'
    script.write_text('local i = 0\nrequest = function()\n  i = i + 1\n  return wrk.format("GET", wrk.path .. "?n=" .. i)\nend\n')
    text = subprocess.run(['wrk', '-t1', '-c4', f'-d{SECONDS}s', '--latency', '-H', 'Accept-Encoding: gzip', '-s', str(script), url],
                          check=True, capture_output=True, text=True).stdout
    if 'Non-2xx' in text:
        sys.exit(f'{url}: answers that are not 2xx')
    number, unit = re.search(r'99%\s+([\d.]+)(us|ms|s)', text).groups()
    return float(number) * {'us': 0.001, 'ms': 1, 's': 1000}[unit]


def serve(instance):
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        port = s.getsockname()[1]
    process = subprocess.Popen([BUILD / 'src' / 'cli' / 'aftermine', 'serve', instance, '--listen', f'127.0.0.1:{port}', '--access-log', folder / 'access.log'],
                               stdout=subprocess.DEVNULL)
    for _ in range(3000):
        try:
            urllib.request.urlopen(f'http://127.0.0.1:{port}/health', timeout=60).read()
            return process, f'http://127.0.0.1:{port}'
        except OSError:
            time.sleep(0.01)
    sys.exit('the server does not start')


def measure():
    large = pathlib.Path(os.environ.get('LARGE', folder / 'large'))
    if 'LARGE' not in os.environ:
        large.mkdir()
        (large / 'settings.ini').touch()
        began = time.perf_counter()
        subprocess.run([BUILD / 'bench' / 'generate', large / 'records.db', '1000', str(PLEDGES), str(SITES)], check=True, stdout=subprocess.DEVNULL)
        row(f'writing {SITES} sites, {PLEDGES} pledges with a report each, {SITES // 10} measurements', f'{time.perf_counter() - began:.0f} s')
    figures = subprocess.run([BUILD / 'bench' / 'land', large / 'records.db'], check=True, capture_output=True, text=True)
    new, new_worst, redrawn, redrawn_worst, now, past = map(float, figures.stdout.split())
    row('the land', figures.stderr.strip())
    row(f'one new site among {SITES}, durable, with its faces, median and worst of 30', f'{new:.0f} and {new_worst:.0f} ms', '< 1000 ms', new_worst < 1000)
    row('a boundary redrawn', f'{redrawn:.0f} and {redrawn_worst:.0f} ms', '< 1000 ms', redrawn_worst < 1000)
    row('all statuses and totals anew', f'{now / 1000:.2f} s CPU', '< 5 s', now < 5000)
    row('the same as of a day in the past, boundaries laid anew', f'{past / 1000:.2f} s CPU', '< 5 s', past < 5000)
    process, base = serve(large)
    try:
        for path, name in PAGES.items():
            began = time.perf_counter()
            urllib.request.urlopen(base + path, timeout=60).read()
            first = time.perf_counter() - began
            took = p99(base + path)
            row(f'{name}, made anew each time, 4 clients (the first one: {first * 1000:.0f} ms)', f'p99 {took:.1f} ms', '< 50 ms', took < 50)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


try:
    measure()
finally:
    shutil.rmtree(folder, ignore_errors=True)
