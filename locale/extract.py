#!/usr/bin/env python3
"""Writes the message template (.pot): every string that people see, from C (_(), N_(), G_("context", "message"), plural pairs), templates
({{#_}}...{{/_}}) and what the record kinds and vocabularies declare (standard input of the form of `messages`: one JSON string a line).

usage: extract.py SOURCE-DIR OUT.pot DEPFILE [DECLARED.txt]
"""
import json
import pathlib
import re
import sys

source, out, depfile = (pathlib.Path(a) for a in sys.argv[1:4])
messages = {}  # (context, singular, plural) -> places
STRING = r'"((?:[^"\\]|\\.)*)"'
STRINGS = rf'({STRING}(?:\s*{STRING})*)'
C_CALLS = [
    (re.compile(rf'\b(?:_|N_|language_text)\s*\((?:[^"();]*,)?\s*{STRINGS}\s*\)'), (None, 0, None)),
    (re.compile(rf'\blanguage_text_in\s*\([^"();]*,\s*{STRINGS}\s*,\s*{STRINGS}\s*\)'), (0, 1, None)),
    (re.compile(rf'\blanguage_plural\s*\([^"();]*,\s*{STRINGS}\s*,\s*{STRINGS}\s*,'), (None, 0, 1)),
]


def unquoted(literals):
    return ''.join(json.loads('"' + part.replace("\\'", "'") + '"') for part in re.findall(STRING, literals))


def add(context, one, many, place):
    if one:
        messages.setdefault((context, one, many), []).append(place)


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


read = []
for path in sorted((source / 'src').rglob('*.[ch]')):
    read.append(path)
    text = path.read_text()
    for pattern, roles in C_CALLS:
        for match in pattern.finditer(text):
            groups = [g for g in match.groups() if g is not None and g.startswith('"')]
            context, one, many = (None if r is None else unquoted(groups[r]) for r in roles)
            add(context, one, many, f'{path.relative_to(source)}:{text.count(chr(10), 0, match.start()) + 1}')
for path in sorted((source / 'templates').rglob('*.mustache')):
    read.append(path)
    text = path.read_text()
    for match in re.finditer(r'\{\{#\s*_\s*\}\}(.*?)\{\{/\s*_\s*\}\}', text, re.S):
        add(None, ' '.join(match[1].split()), None, f'{path.relative_to(source)}:{text.count(chr(10), 0, match.start()) + 1}')
for path in sorted((source / 'content' / 'vocabularies').glob('*.json')):
    read.append(path)
    vocabulary = json.loads(path.read_text())
    named_elsewhere = path.stem in ('countries', 'currencies', 'units')  # by ICU and by their own symbols
    for entry in [vocabulary, *([] if named_elsewhere else vocabulary['terms'])]:
        for text in (entry['label'], entry.get('definition')):
            add(None, text, None, f'{path.relative_to(source)}')
for declared in sys.argv[4:]:
    read.append(pathlib.Path(declared))
    for line in pathlib.Path(declared).read_text().splitlines():
        add(None, json.loads(line), None, 'declared')

lines = ['msgid ""', 'msgstr ""', '"Project-Id-Version: aftermine\\n"', '"MIME-Version: 1.0\\n"', '"Content-Type: text/plain; charset=UTF-8\\n"',
         '"Content-Transfer-Encoding: 8bit\\n"', '"Plural-Forms: nplurals=2; plural=n != 1;\\n"', '']
plain = {one for context, one, many in messages if context is None and many}
for (context, one, many), places in messages.items():
    if many is None and context is None and one in plain:
        continue
    lines += [f'#: {place}' for place in sorted(set(places))]
    if context:
        lines.append(f'msgctxt {quoted(context)}')
    lines.append(f'msgid {quoted(one)}')
    lines += [f'msgid_plural {quoted(many)}', 'msgstr[0] ""', 'msgstr[1] ""', ''] if many else ['msgstr ""', '']
out.write_text('\n'.join(lines))
folders = {p.parent for p in read} | {source / 'src', source / 'templates'}
depfile.write_text(f'{out}: ' + ' '.join(str(p) for p in [*read, *sorted(f for f in folders if f.is_dir())]) + '\n')
