#!/usr/bin/env python3
"""Writes the message template (.pot): every string that people see, from C (_(), N_(), language_text and its kin), templates
({{#_}}...{{/_}}) and labels and definitions of vocabularies.

usage: extract.py SOURCE-DIR OUT.pot DEPFILE
"""
import json
import pathlib
import re
import sys

source, out, depfile = (pathlib.Path(a) for a in sys.argv[1:4])
messages = {}  # (context, singular, plural) -> places
STRING = r'"((?:[^"\\]|\\.)*)"'
STRINGS = re.compile(rf'{STRING}(?:\s*{STRING})*')
# Functions whose arguments are messages: which argument is the context, the message, its plural.
ROLES = {
    '_': (None, 0, None), 'N_': (None, 0, None), 'terminal_text': (None, 0, None), 'terminal_plural': (None, 0, 1), 'language_text': (None, 1, None), 'request_text': (None, 1, None),
    'language_text_in': (1, 2, None), 'language_plural': (None, 1, 2), 'view_count': (None, 1, 2), 'of_text': (None, 1, 2),
    'GET': (None, 4, None), 'INTERFACE': (None, 5, None),  # rows of src/web/routes.c: the summary
}
# A plural pair in a table: .one = N_("{n} target"), .many = N_("{n} targets")
PAIR = re.compile(rf'\.one\s*=\s*N_\(((?:{STRING}\s*)+)\)\s*,\s*\.many\s*=\s*N_\(((?:{STRING}\s*)+)\)')
CALL = re.compile(r'\b(' + '|'.join(ROLES) + r')\s*\(')


def arguments(text, at):
    """The texts of a call's arguments; at stands behind its opening bracket."""
    depth, begin, out = 0, at, []
    while at < len(text):
        c = text[at]
        if c == '"':
            at = re.compile(STRING).match(text, at).end()
            continue
        if c == "'":
            at = re.compile(r"'(?:[^'\\]|\\.)*'").match(text, at).end()
            continue
        if c in '([{':
            depth += 1
        elif c in ')]}' and depth:
            depth -= 1
        elif c == ',' and not depth or c in ')]}':
            out.append(text[begin:at])
            begin = at + 1
            if c != ',':
                return out
        at += 1
    return out


# What names of formats stand for where this program runs (LP64); another one is an error.
FORMATS = {'G_GUINT64_FORMAT': 'lu', 'G_GSIZE_FORMAT': 'lu', 'G_GINT64_FORMAT': 'li', 'JSON_INTEGER_FORMAT': 'lld'}


def literals(argument):
    """The string literals of one argument, neighbours joined; several where a condition chooses."""
    argument = re.sub(r'\b[A-Z0-9_]+_FORMAT\b', lambda name: f'"{FORMATS[name[0]]}"', argument)
    return [''.join(json.loads('"' + part.replace("\\'", "'") + '"') for part in re.findall(STRING, match[0])) for match in STRINGS.finditer(argument)]


def add(context, one, many, place):
    if one:
        messages.setdefault((context, one, many), []).append(place)


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


read = []
for path in sorted((source / 'src').rglob('*.[ch]')):
    read.append(path)
    text = path.read_text()
    for match in CALL.finditer(text):
        given = arguments(text, match.end())
        context, one, many = ROLES[match[1]]
        if max(i for i in (context, one, many) if i is not None) >= len(given):
            continue
        place = f'{path.relative_to(source)}:{text.count(chr(10), 0, match.start()) + 1}'
        contexts = literals(given[context]) if context is not None else [None]
        plurals = literals(given[many]) if many is not None else [None]
        for message in literals(given[one]):
            if contexts and plurals:
                add(contexts[0], message, plurals[0], place)
    for match in PAIR.finditer(text):
        one, many = literals(match[1])[0], literals(match[3])[0]
        add(None, one, many, f'{path.relative_to(source)}:{text.count(chr(10), 0, match.start()) + 1}')
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

lines = ['msgid ""', 'msgstr ""', '"Project-Id-Version: aftermine\\n"', '"MIME-Version: 1.0\\n"', '"Content-Type: text/plain; charset=UTF-8\\n"',
         '"Content-Transfer-Encoding: 8bit\\n"', '"Plural-Forms: nplurals=2; plural=n != 1;\\n"', '']
paired = {text for context, one, many in messages if context is None and many for text in (one, many)}
for (context, one, many), places in messages.items():
    if many is None and context is None and one in paired:
        continue
    lines += [f'#: {place}' for place in sorted(set(places))]
    if any(place.startswith('src/') for place in places) and re.search(r'%[-+#0-9.]*(?:l|z)*[sdugfcx]', one):
        lines.append('#, c-format')
    if context:
        lines.append(f'msgctxt {quoted(context)}')
    lines.append(f'msgid {quoted(one)}')
    lines += [f'msgid_plural {quoted(many)}', 'msgstr[0] ""', 'msgstr[1] ""', ''] if many else ['msgstr ""', '']
out.write_text('\n'.join(lines))
folders = {p.parent for p in read} | {source / 'src', source / 'templates'}
depfile.write_text(f'{out}: ' + ' '.join(str(p) for p in [*read, *sorted(f for f in folders if f.is_dir())]) + '\n')
