#!/usr/bin/env python3
"""Measures the web server and prints rows of a table: what <TAB> figure <TAB> goal <TAB> kept, missed or nothing.

Everything runs on this machine in one run: the server, nginx and wrk share its processors, so the ratios are what counts.
"""
import gzip
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

BUILD = pathlib.Path(sys.argv[1]).resolve()
CASES = int(os.environ.get('CASES', 100000))
PLEDGES = int(os.environ.get('PLEDGES', 20000))
SECONDS = int(os.environ.get('SECONDS_EACH', 5))
AFTERMINE = BUILD / 'src' / 'cli' / 'aftermine'
TICK = os.sysconf('SC_CLK_TCK')
folder = pathlib.Path(tempfile.mkdtemp(prefix='aftermine-bench-'))
running = []


def row(what, figure, goal='', kept=None):
    print(f'{what}\t{figure}\t{goal}\t{"" if kept is None else "kept" if kept else "MISSED"}', flush=True)


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def fetch(url, headers=None):
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {}), timeout=30) as answer:
        return answer.read()


def wait_for(port, path='/'):
    """Seconds until the first whole answer."""
    began = time.perf_counter()
    while True:
        try:
            with socket.create_connection(('127.0.0.1', port), timeout=10) as s:
                s.sendall(f'GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'.encode())
                answer = b''
                while part := s.recv(65536):
                    answer += part
                assert answer.startswith(b'HTTP/1.1 200'), answer[:100]
                return time.perf_counter() - began
        except ConnectionRefusedError:
            time.sleep(0.001)


def serve(instance, path='/health'):
    port = free_port()
    began = time.perf_counter()
    process = subprocess.Popen([AFTERMINE, 'serve', instance, '--listen', f'127.0.0.1:{port}', '--access-log', folder / 'access.log'], stdout=subprocess.DEVNULL)
    running.append(process)
    wait_for(port, path)
    return process, port, time.perf_counter() - began


def stop(process):
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=30)
    running.remove(process)


def cpu(pids):
    """Seconds of processor time of processes with all their threads."""
    total = 0
    for pid in pids:
        fields = pathlib.Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def memory(pid, what):
    return int(re.search(rf'{what}:\s+(\d+) kB', pathlib.Path(f'/proc/{pid}/status').read_text())[1]) / 1024


class Wrk:
    def __init__(self, url, connections, script=None, seconds=SECONDS):
        command = ['wrk', '-t1', f'-c{connections}', f'-d{seconds}s', '--latency', '--timeout', '10s', '-H', 'Accept-Encoding: gzip']
        if script:
            command += ['-s', str(script)]
        text = subprocess.run([*command, url], check=True, capture_output=True, text=True).stdout
        self.requests = int(re.search(r'(\d+) requests in', text)[1])
        self.rate = float(re.search(r'Requests/sec:\s+([\d.]+)', text)[1])
        self.p50, self.p99 = (self.milliseconds(re.search(rf'{p}%\s+([\d.]+)(us|ms|s)', text)) for p in (50, 99))
        failed = re.search(r'Non-2xx or 3xx responses: (\d+)', text)
        self.failed = int(failed[1]) if failed else 0

    @staticmethod
    def milliseconds(match):
        return float(match[1]) * {'us': 0.001, 'ms': 1, 's': 1000}[match[2]]


def cpu_each(pids, url, connections=16, script=None):
    before = cpu(pids)
    result = Wrk(url, connections, script)
    if result.failed:
        sys.exit(f'{url}: {result.failed} answers were not 2xx')
    return (cpu(pids) - before) / result.requests * 1e6, result


def start_nginx(body):
    """One worker, one static file of these (compressed) bytes, an access log as ours has one."""
    port = free_port()
    (folder / 'www').mkdir()
    (folder / 'www' / 'page').write_bytes(body)
    (folder / 'nginx.conf').write_text(f'''
worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log; daemon off; user root;
events {{ worker_connections 1024; }}
http {{ access_log {folder}/nginx.log; sendfile on; tcp_nopush on; keepalive_requests 100000000; default_type text/html; client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2;
  fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5; open_file_cache max=100;
  server {{ listen 127.0.0.1:{port}; root {folder}/www; }} }}
''')
    process = subprocess.Popen(['nginx', '-c', folder / 'nginx.conf', '-p', folder], stderr=subprocess.DEVNULL)
    running.append(process)
    wait_for(port, '/page')
    children = subprocess.run(['ps', '-o', 'pid=', '--ppid', str(process.pid)], capture_output=True, text=True, check=True).stdout.split()
    return process, port, [process.pid, *map(int, children)]


def words():
    """The generator's own words (bench/prose.c), frequent ones first."""
    starts = ['b', 'br', 'c', 'cl', 'd', 'f', 'g', 'gr', 'h', 'l', 'm', 'n', 'p', 'pr', 'r', 's', 'st', 't', 'tr', 'v']
    middles = ['a', 'e', 'i', 'o', 'u', 'ea', 'io', 'ar', 'en', 'or']
    out = []
    for rank in range(2000):
        rest, word = rank + 1, ''
        while rest:
            word += starts[rest % 20] + middles[rest // 20 % 10]
            rest //= 200
        out.append(word)
    return out


def people_search(vocabulary, dice, count):
    """Words of middling frequency (ranks log-uniform from 20 to 2000), one in three with a second word, one in four with one or two
    facet filters, pages 1 to 3; n makes every address a new one, so that no kept page answers."""
    pick = lambda: vocabulary[min(int(20 * 100 ** dice.random()), len(vocabulary)) - 1]
    themes, countries = ['land-rehabilitation', 'biodiversity-net-gain', 'circular-economy'], ['AFG', 'ALB', 'DZA', 'AUS', 'BRA']
    out = []
    for i in range(count):
        q = f'/cases?q={pick()}' + (f'+{pick()}' if dice.randrange(3) == 0 else '')
        if dice.randrange(4) == 0:
            filters = [f'&themes={dice.choice(themes)}', f'&country={dice.choice(countries)}']
            q += ''.join(dice.sample(filters, dice.randrange(1, 3)))
        out.append(q + f'&page={dice.randrange(1, 4)}&n={i}')
    return out


def frequent_search(vocabulary, dice, count):
    """The worst that can be asked: a third of the words is the most frequent one of all, as if people searched for "the"."""
    pick = lambda: vocabulary[min(int(dice.paretovariate(0.6)) - 1, len(vocabulary) - 1)]
    return [f'/cases?q={pick()}' + (f'+{pick()}' if i % 3 == 0 else '') + (f'&page={dice.randrange(1, 4)}' if i % 4 == 0 else '') + f'&n={i}' for i in range(count)]


def read_whole(path):
    """What is measured is the server, not the disk: the file stands in memory, as far as the system keeps it there."""
    with open(path, 'rb', buffering=0) as file:
        while file.read(1 << 20):
            pass


def measure_search(process, base, name, queries, goal=''):
    before = cpu([process.pid])
    found = Wrk(base, 32, script('search.lua', queries), seconds=2 * SECONDS)
    if found.failed or not found.requests:
        sys.exit(f'{name}: {found.failed} answers were not 2xx, {found.requests} came in all')
    each = (cpu([process.pid]) - before) / found.requests * 1e3
    row(f'{name} over {CASES} cases, page, 32 clients' if 'JSON' not in name else name,
        f'{each:.1f} ms CPU, p50 {found.p50:.1f} ms, p99 {found.p99:.1f} ms, {found.rate:.0f}/s', goal, found.p99 <= 25 if goal else None)


def script(name, paths):
    path = folder / name
    path.write_text('local paths = {\n' + ''.join(f'  "{p}",\n' for p in paths) + '}\nlocal i = 0\nrequest = function()\n  i = i % #paths + 1\n  return wrk.format("GET", paths[i])\nend\n')
    return path


def slow_clients(port, path, n, ended):
    """Half drip a request, half ask for a large answer and read it a byte at a time."""
    sockets = []
    for i in range(n):
        s = socket.create_connection(('127.0.0.1', port))
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        s.sendall(f'GET {path} HTTP/1.1\r\nHost: a\r\n'.encode() + (b'\r\n' if i % 2 else b'X: '))
        sockets.append(s)
    while not ended.wait(0.2):
        for i, s in enumerate(sockets):
            try:
                s.recv(1) if i % 2 else s.send(b'a')
            except OSError:
                pass
    for s in sockets:
        s.close()


def measure():
    demo, large = folder / 'demo', folder / 'large'
    subprocess.run([AFTERMINE, 'init', demo, '--demo'], check=True, stdout=subprocess.DEVNULL)
    starts = []
    for _ in range(5):
        process, port, seconds = serve(demo, '/')
        starts.append(seconds * 1000)
        stop(process)
    row('cold start to the first answer (home page, demo instance), median of 5', f'{sorted(starts)[2]:.0f} ms', '<= 150 ms', sorted(starts)[2] <= 150)

    process, port, _ = serve(demo)
    base = f'http://127.0.0.1:{port}'
    ids = [item['id'] for item in json.loads(fetch(f'{base}/cases.json?per-page=1000'))['items']]
    page = fetch(f'{base}/cases/{ids[0]}', {'Accept-Encoding': 'gzip'})
    html = gzip.decompress(page)
    nginx, nginx_port, nginx_pids = start_nginx(page)
    theirs, theirs_run = cpu_each(nginx_pids, f'http://127.0.0.1:{nginx_port}/page')
    ours, ours_run = cpu_each([process.pid], f'{base}/cases/{ids[0]}')
    row(f'nginx, a static file of {len(page)} bytes', f'{theirs:.0f} us CPU, {theirs_run.rate:.0f}/s')
    row(f'a case page of {len(html)} bytes, {len(page)} compressed', f'{ours:.0f} us CPU, {ours_run.rate:.0f}/s')
    row('case page against nginx, CPU', f'{ours / theirs:.2f} x', '<= 3 x', ours / theirs <= 3)
    every = script('every.lua', [f'/cases/{i}' for i in ids])
    over, _ = cpu_each([process.pid], base, script=every)
    row(f'all {len(ids)} case pages in turn against nginx, CPU', f'{over / theirs:.2f} x')
    anew, anew_run = cpu_each([process.pid], base, script=script('anew.lua', [f'/cases/{random.choice(ids)}?fresh={i}' for i in range(20000)]))
    row('a case page made anew each time (never in the cache)', f'{anew:.0f} us CPU, {anew_run.rate:.0f}/s, p99 {anew_run.p99:.1f} ms')
    stop(nginx)

    calm = Wrk(base, 16, every)
    ended = threading.Event()
    slow = threading.Thread(target=slow_clients, args=(port, '/cases.json?per-page=1000', 16, ended))
    slow.start()
    time.sleep(0.5)
    crowded = Wrk(base, 16, every)
    ended.set()
    slow.join()
    ratio = crowded.p99 / calm.p99
    row('p99 of others without and with 16 slow clients', f'{calm.p99:.2f} and {crowded.p99:.2f} ms, {ratio:.2f} x', '<= 2 x', ratio <= 2)
    Wrk(base, 128, every)
    Wrk(base, 128, script('anew2.lua', [f'/cases/{random.choice(ids)}?again={i}' for i in range(20000)]))
    peak = memory(process.pid, 'VmHWM')
    row('memory at 128 connections (demo instance, peak)', f'{peak:.0f} MB', '< 64 MB', peak < 64)
    stop(process)

    if 'LARGE' in os.environ:
        large = pathlib.Path(os.environ['LARGE'])
    else:
        large.mkdir()
        (large / 'settings.ini').touch()
        began = time.perf_counter()
        subprocess.run([BUILD / 'bench' / 'generate', large / 'records.db', str(CASES), str(PLEDGES)], check=True, stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - began
        row(f'writing {CASES} cases and {PLEDGES} pledges', f'{seconds:.0f} s, {(CASES + PLEDGES) / seconds:.0f} records/s')
    process, port, seconds = serve(large)
    row(f'cold start with {CASES} cases', f'{seconds * 1000:.0f} ms')
    base = f'http://127.0.0.1:{port}'
    fetch(f'{base}/pledges')  # by then they are judged, which the server begins with
    vocabulary = words()
    dice = random.Random(1)
    queries = people_search(vocabulary, dice, 20000)
    read_whole(large / 'records.db')
    warm = Wrk(base, 32, script('warm.lua', people_search(vocabulary, random.Random(2), 20000)))
    row(f'the first {SECONDS} s of searches after the start', f'p50 {warm.p50:.1f} ms, p99 {warm.p99:.1f} ms, {warm.rate:.0f}/s')
    measure_search(process, base, 'search with facets', queries, 'p99 <= 25 ms')
    data = [q.replace('/cases?', '/cases.json?per-page=20&facets=1&') for q in queries]
    measure_search(process, base, 'the same as JSON', data, 'p99 <= 25 ms')
    measure_search(process, base, 'search for the most frequent words', frequent_search(vocabulary, dice, 20000))
    row(f'memory after it, {CASES} cases', f'{memory(process.pid, "VmRSS"):.0f} MB')
    stop(process)


try:
    measure()
finally:
    for left in running[:]:
        left.terminate()
        left.wait()
    shutil.rmtree(folder, ignore_errors=True)
