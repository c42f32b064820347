#!/usr/bin/env python3
"""No English sentence of the program escapes translation: every page in the accented pseudo-language shows only accented text, what the records
say themselves, names, numbers and dates. Speaks TAP.

usage: test_pseudo.py AFTERMINE MESSAGES.pot
"""
import html.parser
import json
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request

aftermine, pot = sys.argv[1:3]
folder = pathlib.Path(tempfile.mkdtemp(prefix='aftermine-pseudo-'))
# Names that stay as they are in every language.
NAMES = {
    'aftermine', 'json', 'csv', 'geojson', 'bibtex', 'ris', 'svg', 'bib', 'unccd', 'ldn', 'english', 'github', 'creative', 'commons', 'natural', 'earth', 'maplibre', 'http', 'https',
    'january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december', 'and', 'million', 'html', 'api', 'schema', 'sha', 'min', 'csl', 'iati', 'xml', 'ics', 'atom',
}
SHOWN = {'alt', 'title', 'aria-label', 'placeholder', 'content', 'label'}
WORD = re.compile(r"[A-Za-z]{3,}")


class Page(html.parser.HTMLParser):
    """The texts a person sees or hears; marked-up code is left out."""

    def __init__(self):
        super().__init__()
        self.texts, self.silent, self.language = [], [], ['en-XA']

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag in ('script', 'style', 'code', 'pre'):
            self.silent.append(tag)
        if tag == 'meta' and given.get('name') != 'description':
            return
        self.texts += [value for name, value in attributes if name in SHOWN and value and not self.silent]

    def handle_endtag(self, tag):
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data):
        if not self.silent and data.strip():
            self.texts.append(' '.join(data.split()))


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def plain(text):
    return ' '.join(text.replace('’', "'").split()).strip(' .').lower()


subprocess.run([aftermine, 'init', folder / 'demo', '--demo'], check=True, stdout=subprocess.DEVNULL)
(folder / 'demo' / 'settings.ini').write_text('[site]\npseudo-languages=true\n[log]\naccess=\n')
server = subprocess.Popen([aftermine, 'serve', folder / 'demo', '--listen', '127.0.0.1:0'], stdout=subprocess.PIPE, text=True)
failed = 0
try:
    base = re.search(r'http://[^/]+', server.stdout.readline())[0]

    def get(path):
        with urllib.request.urlopen(base + path, timeout=30) as answer:
            return answer.read().decode()

    said, whole, titles = [], set(), []
    for kind in json.loads(get('/api/records')):
        page = 1
        while items := json.loads(get(f'/api/records/{kind["kind"]}?per-page=500&page={page}'))['items']:
            titles += [item['body'].get('title') or item['body'].get('name') or '' for item in items] if kind['kind'] == 'practice' else []
            for text in strings(items):
                said.append(plain(text))
                whole.add(plain(text))
            page += 1
    countries = subprocess.run(['node', '-e', 'process.stdout.write(JSON.stringify(Object.values(require("i18n-iso-countries/langs/en.json").countries).flat()))'],
                               check=True, capture_output=True, text=True).stdout
    whole.update(plain(name) for name in json.loads(countries))
    for unit in json.loads(pathlib.Path('content/vocabularies/units.json').read_text())['terms']:  # written as symbols
        whole.update((plain(unit['label']), plain(unit['id'])))
        NAMES.update(word.lower() for word in WORD.findall(unit['label']))
    vocabulary, runs = set(), set()
    for text in said:
        words = WORD.findall(text)
        vocabulary.update(words)
        runs.update(' '.join(three) for three in zip(words, words[1:], words[2:]))
    said = '\n'.join(said)

    messages = {plain(json.loads(line[6:])) for line in pathlib.Path(pot).read_text().splitlines() if line.startswith('msgid "') and len(line) > 8}

    # The list, the record that stands first and one without much, of every kind of page there is.
    pages, seen = ['/', '/search?q=topsoil', '/cases?q=topsoil&view=map', '/nothing-here', '/cases?page=x'], {}
    titles.sort(key=len, reverse=True)
    for path in sorted(re.findall(r'<loc>http://[^/]+(/[^<]*)</loc>', get('/sitemap.xml'))):
        family = (path.split('/')[1], path.count('/'))
        seen[family] = seen.get(family, 0) + 1
        if seen[family] <= 3:
            pages.append(path)
    pages = list(dict.fromkeys(pages))

    def is_allowed(shown, has_snippets):
        """Accented, or in so many words what a record says. A short text must be the whole of what it says, but in the pieces of a snippet."""
        rest, before = shown, None
        while rest != before:  # accented texts stand within accented texts
            before, rest = rest, re.sub(r'\[([^\[\]]*?) ·+\]', lambda m: ','.join(w for w in re.split(r'[^\x00-\x7f]+', m[1]) if ' ' in w.strip()), rest)
        for title in titles:  # "Training, demonstration sites and shared know-how" is one item of a list
            rest = rest.replace(title, ',')
        if plain(rest.strip(' :;,')) in whole:  # an accented label and what a record says, brackets and all
            return True
        rest = re.sub(r'\b[\w-]+\.(?:json|csv|geojson|bib|ris|svg)\b', ' ', rest)
        rest = re.sub(r'\S+\+[0-9a-f]{8}\+\S+', ' ', rest)  # the log's key
        rest = re.sub(r'\S+://\S+|\S+@\S+|(?<!\w)/[\w./-]+', ' ', rest)
        rest = re.sub(r', (?:19|20)\d\d$', '', rest)  # a figure's words and its year
        words = [w.lower() for w in WORD.findall(rest)]
        threes = [' '.join(three) for three in zip(words, words[1:], words[2:])]
        if len(threes) > 1 and sum(three in runs for three in threes) > 0.9 * len(threes):  # shortened, or without its [n]
            return True
        for part in [rest] if plain(rest) in said else re.split(r'[·:;,…|“”()]| - | and ', rest):
            words = [w for w in WORD.findall(part) if w.lower() not in NAMES]
            text = plain(part)
            if not words or text in whole:
                continue
            if has_snippets and all(w.lower() in vocabulary for w in words):
                continue
            if text in said and (has_snippets or len(words) > 3 or text not in messages):
                continue
            return False
        return True

    def leaks_of(path):
        try:
            text = get('/en-XA' + ('' if path == '/' else path))
        except urllib.error.HTTPError as error:
            text = error.read().decode()
        page = Page()
        page.feed(text)
        leaks = []
        for shown in page.texts:
            if not is_allowed(shown, '?q=' in path):
                leaks.append(shown)
        return leaks

    templates = sorted(pathlib.Path('templates').rglob('*.mustache'))
    print(f'1..{2 * len(pages) + len(templates) + 1}')
    number = 1
    torn = [m for m in messages if re.search(r'%[-+#0-9. ]*(?:"|$)', m)]  # cut where a format has a name, such as G_GSIZE_FORMAT
    failed += bool(torn)
    print(f'{"not ok" if torn else "ok"} 1 - translators get every message whole')
    for message in torn:
        print(f'#   {message[:160]!r}')
    for template in templates:
        text = re.sub(r'\{\{#\s*_\s*\}\}.*?\{\{/\s*_\s*\}\}|\{\{\{.*?\}\}\}|\{\{.*?\}\}', ' ', template.read_text(), flags=re.S)
        page = Page()
        page.feed(text)
        bare = [t for t in page.texts if not t.startswith('data-') and any(w.lower() not in NAMES for w in WORD.findall(re.sub(r'\S+://\S+|\S+@\S+|/\S+|width=\S+', ' ', t)))]
        number += 1
        failed += bool(bare)
        print(f'{"not ok" if bare else "ok"} {number} - {template} has no text outside its messages')
        for leak in bare[:8]:
            print(f'#   {leak[:160]!r}')
    for path in pages:
        leaks = leaks_of(path)
        number += 1
        failed += bool(leaks)
        print(f'{"not ok" if leaks else "ok"} {number} - {path} shows no English but its records\' own')
        for leak in leaks[:8]:
            print(f'#   {leak[:160]!r}{" (a message, but shown untranslated)" if plain(leak) in messages else ""}')
        mirrored = get('/ar-XB' + ('' if path == '/' else path)) if path not in ('/nothing-here', '/cases?page=x') else '<html lang="ar-XB" dir="rtl">'
        number += 1
        right = '<html lang="ar-XB" dir="rtl">' in mirrored
        failed += not right
        print(f'{"ok" if right else "not ok"} {number} - {path} is set from right to left in a language that is written so')
finally:
    server.send_signal(signal.SIGTERM)
    if server.wait(timeout=30) != 0:
        failed += 1
        print('# SIGTERM did not end the server with status 0')
    shutil.rmtree(folder)
sys.exit(failed > 0)
