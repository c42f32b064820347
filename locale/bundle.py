#!/usr/bin/env python3
"""Makes the bundle (GResource) of what the program knows of languages: message catalogues of locale/*.po, the two pseudo-languages made
from the message template, and country names from the npm package i18n-iso-countries.

usage: bundle.py SOURCE-DIR MESSAGES.pot OUT.gresource DEPFILE
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

source, pot, out, depfile = (pathlib.Path(a) for a in sys.argv[1:5])
package = source / 'node_modules' / 'i18n-iso-countries'
languages = ['en', 'mn', 'fr', 'es', 'ru', 'zh', 'ar']
if not package.is_dir():
    sys.exit(f'{package} is missing: run "npm ci --ignore-scripts" in {source} (make does it)')

ACCENTS = str.maketrans('AaBbCcDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuVvWwXxYyZz',
                        'ÅåƁƀÇçÐðÉéƑƒĜĝĤĥÎîĴĵĶķĻļṀṁÑñÖöÞþǪǫŔŕŠšŢţÛûṼṽŴŵẊẋÝýŽž')
KEPT = re.compile(r"(\{\{\{?[^}]*\}\}\}?|\{[a-z_]+\}|<[^>]*>|&[#a-zA-Z0-9]+;|%[-+ #0-9.']*(?:z|l{0,2})[a-zA-Z%])")


def accented(text):
    parts = [p if i % 2 else p.translate(ACCENTS) for i, p in enumerate(KEPT.split(text))]
    return '[' + ''.join(parts) + ' ' + '·' * max(1, len(text) * 35 // 100) + ']'


def mirrored(text):
    parts = [p if i % 2 else re.sub(r'\S+', lambda m: '\u200f\u202e' + m[0] + '\u202c\u200f', p) for i, p in enumerate(KEPT.split(text))]
    return ''.join(parts)


def pseudo(template, change):
    """Fills a message template's empty translations."""
    lines, one, many, header = [], '', '', True
    for line in template.splitlines():
        if line.startswith('msgid '):
            one = json.loads(line[6:])
            header = one == ''
        elif line.startswith('msgid_plural '):
            many = json.loads(line[13:])
        elif not header and (m := re.fullmatch(r'(msgstr(?:\[(\d)\])?) ""', line)):
            line = f'{m[1]} {json.dumps(change(many if m[2] == "1" else one), ensure_ascii=False)}'
        lines.append(line)
    return '\n'.join(lines) + '\n'


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    files, read = {}, [pot, package / 'codes.json']

    def catalogue(tag, po):
        mo = folder / f'{tag}.mo'
        subprocess.run(['msgfmt', '--check-format', '-o', mo, po], check=True)
        files[f'locale/{tag}.mo'] = mo

    for tag, change in ('en-XA', accented), ('ar-XB', mirrored):
        po = folder / f'{tag}.po'
        po.write_text(pseudo(pot.read_text(), change))
        catalogue(tag, po)
    for po in sorted((source / 'locale').glob('*.po')):
        read.append(po)
        catalogue(po.stem, po)

    alpha3 = {code[0]: code[1] for code in json.loads((package / 'codes.json').read_text())}
    alpha3['XK'] = 'XKX'  # Kosovo: the package says XKK, records say what the World Bank and the European Union say
    vocabulary = source / 'content' / 'vocabularies' / 'countries.json'
    english = {term['id']: term['label'] for term in json.loads(vocabulary.read_text())['terms']}
    read.append(vocabulary)
    for tag in languages:
        path = package / 'langs' / f'{tag}.json'
        read.append(path)
        names = json.loads(path.read_text())['countries']
        plain = {alpha3[code]: name if isinstance(name, str) else name[0] for code, name in names.items() if code in alpha3}
        if tag == 'en':
            plain = english  # short names: China, Iran, Czechia
        target = folder / f'countries-{tag}.json'
        target.write_text(json.dumps(plain, ensure_ascii=False, sort_keys=True))
        files[f'countries/{tag}.json'] = target

    rows = ''.join(f'<file alias="{name}">{path}</file>' for name, path in sorted(files.items()))
    xml = folder / 'bundle.xml'
    xml.write_text(f'<gresources><gresource prefix="/aftermine">{rows}</gresource></gresources>')
    subprocess.run(['glib-compile-resources', f'--sourcedir={folder}', f'--target={out}', xml], check=True)
depfile.write_text(f'{out}: ' + ' '.join(map(str, [*read, source / 'locale'])) + '\n')
