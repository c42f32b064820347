"""Follows the recipe "Add a page" of CONTRIBUTING.md literally, and looks whether the page, its entry in the sitemap and its translation follow.
Speaks TAP.

usage: test_recipe.py SOURCE-ROOT BUILD-ROOT
"""
import json
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request

source, build = (pathlib.Path(a).resolve() for a in sys.argv[1:3])
section = re.search(r'^## Add a page$(.*?)(?=^## |\Z)', (source / 'CONTRIBUTING.md').read_text(), re.M | re.S)[1]
page, template, declaration, row = re.findall(r'```(?:c|mustache)\n(.*?)```', section, re.S)
commands = {pathlib.Path(c['directory'], c['file']).resolve(): c for c in json.loads((build / 'compile_commands.json').read_text())}
folder = pathlib.Path(tempfile.mkdtemp(prefix='aftermine-recipe-'))


def compiled(like, name, code):
    """An object of this code, compiled as the source file `like` is; its changed headers go before the house's."""
    command = commands[like.resolve()]
    (folder / 'src' / 'web' / 'pages' / f'{name}.c').write_text(code)
    words, out = shlex.split(command['command']), []
    for i, word in enumerate(words):
        if word in ('-o', '-MF', '-MQ', '-c', '-MD') or (i and words[i - 1] in ('-o', '-MF', '-MQ', '-c')):
            continue
        out.append(word)
    made = folder / f'{name}.o'
    out = out[out[0].endswith('ccache'):]
    subprocess.run([out[0], f'-I{folder}/src', *out[1:], '-c', folder / 'src' / 'web' / 'pages' / f'{name}.c', '-o', made], cwd=command['directory'], check=True)
    return made


def made():
    """The program with the page: two objects and the bundle of templates made anew."""
    pages = source / 'src' / 'web' / 'pages'
    (folder / 'src' / 'web' / 'pages').mkdir(parents=True)
    (folder / 'src' / 'web' / 'pages' / 'pages.h').write_text((pages / 'pages.h').read_text() + declaration)
    routes = (source / 'src' / 'web' / 'routes.c').read_text().replace('const route routes[] = {\n', 'const route routes[] = {\n' + row)
    objects = [compiled(pages / 'method.c', 'nurseries', page), compiled(source / 'src' / 'web' / 'routes.c', 'routes', routes)]
    tree = folder / 'tree'
    shutil.copytree(source / 'templates', tree / 'templates')
    (tree / 'templates' / 'nurseries.mustache').write_text(template)
    for name in 'static', 'node_modules':
        (tree / name).symlink_to(source / name)
    subprocess.run(['node', source / 'static' / 'bundle.mjs', tree, folder / 'web.gresource', folder / 'web.d'], check=True)
    subprocess.run(['cc', '-c', '-DNAME=web_bundle', f'-DFILE="{folder}/web.gresource"', '-o', folder / 'web.o', source / 'setup' / 'bundle.S'], check=True)
    last = subprocess.run(['ninja', '-C', build, '-t', 'commands', 'src/cli/aftermine'], check=True, capture_output=True, text=True).stdout.splitlines()[-1]
    words = shlex.split(last)
    words[words.index('-o') + 1] = str(folder / 'aftermine')
    words[words.index('src/web/web.o')] = str(folder / 'web.o')
    at = next(i for i, word in enumerate(words) if word.endswith('.o'))
    subprocess.run([*words[:at], *objects, *words[at:]], cwd=build, check=True)
    return folder / 'aftermine'


failed = 0


def check(number, promise, kept):
    global failed
    failed += not kept
    print(f'{"ok" if kept else "not ok"} {number} - {promise}')


print('1..3')
server = None
try:
    program = made()
    subprocess.run([program, 'init', folder / 'instance'], check=True, stdout=subprocess.DEVNULL)
    server = subprocess.Popen([program, 'serve', folder / 'instance', '--listen', '127.0.0.1:0', '--access-log', ''], stdout=subprocess.PIPE, text=True)
    base = re.search(r'http://[^/]+', server.stdout.readline())[0]

    def get(path):
        with urllib.request.urlopen(base + path, timeout=30) as answer:
            return answer.read().decode()

    text = get('/nurseries')
    check(1, 'the recipe "Add a page" gives a page in the frame', '<h1>Nurseries</h1>' in text and 'raised here' in text and '<main' in text
        and 'href="/practices?as-of=2026-01-31"' in get('/nurseries?as-of=2026-01-31'))
    check(2, 'the page stands in the sitemap', f'<loc>{base}/nurseries</loc>' in get('/sitemap.xml'))
    extracted = folder / 'extract'
    (extracted / 'templates').mkdir(parents=True)
    (extracted / 'src').mkdir()
    (extracted / 'src' / 'nurseries.c').write_text(page)
    (extracted / 'templates' / 'nurseries.mustache').write_text(template)
    subprocess.run([sys.executable, source / 'locale' / 'extract.py', extracted, folder / 'm.pot', folder / 'm.d'], check=True)
    pot = (folder / 'm.pot').read_text()
    check(3, 'its texts reach the translators', all(f'msgid "{m}"' in pot for m in ('Nurseries', 'Plants for mine land are raised here.', 'Practices')))
finally:
    if server:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)
    shutil.rmtree(folder)
sys.exit(failed > 0)
