"""The past of every address, and RFC 7089 (Memento) over it. usage: test_memento.py HISTORY-SITE ROUTES.c"""
import datetime
import email.utils
import json
import re
import sys

from promises import keep_promises, promise
from served import ask, served

program, routes_file = sys.argv[1:3]
LATER = ['wet pit', 'wet-pit', 'First meeting', 'Land-Positive', 'Reforest the pit', 'A bare one', 'alex-2025', 'The board halved it']  # after 31 January
ENDINGS = {'FORMAT_HTML': '', 'FORMAT_JSON': '.json', 'FORMAT_CSV': '.csv', 'FORMAT_GEOJSON': '.geojson', 'FORMAT_BIB': '.bib', 'FORMAT_RIS': '.ris', 'FORMAT_SVG': '.svg',
           'FORMAT_ATOM': '.atom', 'FORMAT_CSL': '.csl.json', 'FORMAT_ICS': '.ics', 'FORMAT_IATI': '.iati.xml', 'FORMAT_PNG': '.png', 'FORMAT_XML': '.xml'}


def routes():
    """(pattern, ending, has a past) of every row that anybody may GET."""
    text = open(routes_file, encoding='utf-8').read()
    data = ['', '.json', '.csv', '.geojson', '.atom']
    for plural in re.findall(r'\bRECORDS\("(\w+)",', text):
        yield from ((pattern, ending, True) for pattern in (f'/{plural}', f'/{plural}/{{id}}') for ending in data)
    for pattern, formats, rest in re.findall(r'\bGET\("([^"]+)", ([A-Z_| ]+), (.*(?:\n\t\t.*)*)', text):
        endings = [e for f in formats.split(' | ') for e in (data[1:] if f == 'DATA_FORMATS' else [ENDINGS[f]])]
        yield from ((pattern, ending, 'CACHE_RECORDS' in rest and 'timeless' not in rest) for ending in endings)


def links(answer):
    """{relation: address} of a Link header."""
    found = {}
    for address, parameters in re.findall(r'<([^>]*)>((?:; [a-z]+="[^"]*")*)', answer['Link'] or ''):
        for relation in re.search(r'rel="([^"]*)"', parameters)[1].split():
            found[relation] = address
    return found


@promise
def nothing_that_came_later_stands_in_the_past(address):
    seen = 0
    for pattern, ending, past in routes():
        if not past or '{' in pattern or pattern == '/feed' and not ending:
            continue
        target = pattern + ending + '?as-of=2026-01-31'
        answer = ask(address, target)
        # pages that need more than an address say so
        assert answer.status == 200 or (pattern.endswith('/compare') and answer.status in (302, 400)), (target, answer.status, answer.text[:200])
        found = [word for word in LATER if word.lower() in answer.text.lower()]
        assert not found, (target, found)
        seen += 1
    assert seen > 60, seen
    # Interfaces answer by Accept; what they hold today shows that there was something to leave out.
    interfaces = [pattern.replace('{collectionId}', collection) for pattern in re.findall(r'\bINTERFACE\("([^"]+)"', open(routes_file, encoding='utf-8').read())
                  for collection in (['sites', 'cases', 'pledges', 'projects'] if '{collectionId}' in pattern else [''])]
    later = 0
    for target in [one for one in interfaces if '{' not in one]:
        for accept in ('application/json', 'text/html'):
            then, now = ask(address, target + '?as-of=2026-01-31', Accept=accept), ask(address, target, Accept=accept)
            assert then.status == 200 and then['Memento-Datetime'] == 'Sat, 31 Jan 2026 23:59:59 GMT', (target, then.status)
            assert not [word for word in LATER if word.lower() in then.text.lower()], target
            later += any(word.lower() in now.text.lower() for word in LATER)
    assert len(interfaces) > 15 and later >= 4, (len(interfaces), later)


@promise
def a_record_of_later_is_not_there_yet_in_any_form(address):
    later = {'case': 'wet-pit', 'meeting': 'first', 'forum': 'land-positive', 'project': 'reforest', 'measurement': 'alex-2025'}
    plural = {'case': 'cases', 'meeting': 'meetings', 'forum': 'forum', 'project': 'projects', 'measurement': 'measurements'}
    seen = 0
    for pattern, ending, past in routes():
        for kind, id in later.items():
            if past and pattern.startswith(f'/{plural[kind]}/{{id}}'):
                target = pattern.replace('{id}', id) + ending
                assert ask(address, target + '?as-of=2026-01-31').status == 404, target
                seen += 1
    assert seen > 25, seen
    for target in ('/api/records/case/wet-pit', '/api/records/case/wet-pit/revisions'):
        assert ask(address, target + '?as-of=2026-01-31').status == 404 and ask(address, target).status == 200
    assert len(json.loads(ask(address, '/api/records/case/wet-pit/revisions?as-of=2026-04-30').text)) == 2
    assert json.loads(ask(address, '/search.json?q=pit&as-of=2026-01-31').text)['total'] < json.loads(ask(address, '/search.json?q=pit&as-of=2026-04-30').text)['total']
    assert [re.search(r'How many there are: (\d+)', ask(address, '/log' + day).text)[1] for day in ('?as-of=2026-01-31', '')] == ['11', '20']


@promise
def what_was_said_then_is_said_as_it_was(address):
    pledge = lambda day: json.loads(ask(address, f'/pledges/green-hill.json?as-of={day}').text)['body']
    assert pledge('2026-03-04')['countries'] == ['MNG'] and pledge('2026-03-05')['countries'] == ['MNG', 'BRA']
    assert ask(address, '/cases/wet-pit?as-of=2026-04-30').text.count('Its figures were made up.') == 0
    assert 'Its figures were made up.' in ask(address, '/cases/wet-pit').text
    assert [json.loads(ask(address, f'/cases.json?as-of={day}&country={country}').text)['total'] for day, country in
            (('2026-03-31', 'MNG'), ('2026-04-01', 'MNG'), ('2026-04-01', 'AUS'), ('2026-05-01', 'AUS'))] == [1, 0, 1, 0]


@promise
def a_memento_says_when_it_was_and_where_the_rest_is(address):
    for target, day in (('/pledges/green-hill?as-of=2026-02-01', '2026-02-01'), ('/pledges.json?as-of=2026-03-31&page=1', '2026-03-31'), ('/?as-of=2026-03-31', '2026-03-31'),
                        ('/countries/MNG.json?as-of=2026-03-31', '2026-03-31'), ('/feed.atom?as-of=2026-03-31', '2026-03-31')):
        answer = ask(address, target)
        when = email.utils.parsedate_to_datetime(answer['Memento-Datetime'])
        assert answer.status == 200 and when.strftime('%Y-%m-%d %H:%M:%S') == day + ' 23:59:59', target
        original = links(answer)['original']
        assert original == links(answer)['timegate'] and 'as-of' not in original and ask(address, original[len(address):]).status == 200
        assert 'Accept-Datetime' not in (answer['Vary'] or '')
        now = ask(address, original[len(address):])
        assert now['Memento-Datetime'] is None and links(now)['timegate'] == original and 'Accept-Datetime' in now['Vary'], target
    assert links(ask(address, '/pledges/green-hill.json'))['timemap'] == address + '/timemap/pledges/green-hill.json'
    assert 'timemap' not in links(ask(address, '/pledges'))
    today = datetime.datetime.now(datetime.timezone.utc)
    when = email.utils.parsedate_to_datetime(ask(address, f'/pledges?as-of={today:%Y-%m-%d}')['Memento-Datetime'])
    assert when <= datetime.datetime.now(datetime.timezone.utc)
    for target in ('/schema/case.json', '/robots.txt', '/method', '/api/records/pledge/green-hill/revisions/1', '/log/checkpoint'):
        answer = ask(address, target, Accept_Datetime='Thu, 01 Jan 2026 00:00:00 GMT')
        assert answer.status == 200 and answer['Link'] is None and 'Accept-Datetime' not in (answer['Vary'] or ''), target


@promise
def a_timegate_leads_to_the_memento_of_a_date(address):
    for target, asked, expected in (
        ('/pledges/green-hill', 'Fri, 06 Feb 2026 12:00:00 GMT', '/pledges/green-hill?as-of=2026-01-06'),
        ('/pledges/green-hill.json', 'Thu, 05 Mar 2026 00:00:00 GMT', '/pledges/green-hill.json?as-of=2026-03-05'),
        ('/pledges/green-hill', 'Mon, 01 Jan 1990 00:00:00 GMT', '/pledges/green-hill?as-of=2026-01-06'),  # before the first: the first
        ('/pledges/green-hill', 'Thu, 31 Dec 2099 23:59:59 GMT', '/pledges/green-hill?as-of=2026-03-05'),
        ('/en/cases/wet-pit', 'Wed, 01 Apr 2026 23:59:59 GMT', '/en/cases/wet-pit?as-of=2026-04-01'),
        ('/pledges?countries=MNG&page=1', 'Sat, 07 Feb 2026 12:00:00 GMT', '/pledges?as-of=2026-02-07&countries=MNG&page=1'),
        ('/', 'Sat, 07 Feb 2026 12:00:00 GMT', '/?as-of=2026-02-07'),
    ):
        ask(address, target)  # so that it is in the cache, where it must not be found
        answer = ask(address, target, Accept_Datetime=asked)
        assert answer.status == 302 and answer['Location'].removeprefix(address) == expected, (target, answer.status, answer['Location'])
        assert 'Accept-Datetime' in answer['Vary'] and 'original' in links(answer) and answer['Memento-Datetime'] is None
        assert ask(address, answer['Location'], method='HEAD')['Memento-Datetime']
    for wrong in ('yesterday', '2026-01-06', 'Fri, 6 Feb 2026 12:00:00 GMT', 'Mon, 06 Feb 2026 12:00:00 GMT', 'Fri, 30 Feb 2026 12:00:00 GMT', 'Fri, 06 Feb 2026 12:00:00 CET'):
        assert ask(address, '/pledges/green-hill', Accept_Datetime=wrong).status == 400, wrong
    # A day in the address goes before the header.
    assert ask(address, '/pledges?as-of=2026-02-01', Accept_Datetime='Fri, 06 Mar 2026 12:00:00 GMT').status == 200


@promise
def a_timemap_lists_the_days_of_a_record(address):
    answer = ask(address, '/timemap/cases/wet-pit')
    assert answer.status == 200 and answer['Content-Type'] == 'application/link-format'
    entries = re.findall(r'<([^>]*)>; rel="([^"]*)"((?:; [a-z]+="[^"]*")*)', answer.text)
    assert len(re.split(r',\n', answer.text.strip())) == len(entries)
    found = {relation: uri for uri, relation, _ in entries}
    assert found['original timegate'] == address + '/cases/wet-pit' and found['self'] == address + '/timemap/cases/wet-pit'
    mementos = [(uri, re.search('datetime="([^"]*)"', rest)[1]) for uri, relation, rest in entries if 'memento' in relation.split()]
    assert [uri for uri, _ in mementos] == [f'{address}/cases/wet-pit?as-of=2026-{day}' for day in ('02-01', '04-01', '05-01')]
    for uri, when in mementos:
        assert ask(address, uri[len(address):])['Memento-Datetime'] == when
    assert found['first memento'] == mementos[0][0] and found['last memento'] == mementos[-1][0]
    assert ask(address, '/timemap/organisations/aardvark').text.count('rel="first last memento"') == 1
    assert f'{address}/en/cases/wet-pit.json?as-of=2026-04-01' in ask(address, '/en/timemap/cases/wet-pit.json').text
    for none in ('/timemap/pledges', '/timemap/cases/draft', '/timemap/cases/nothing', '/timemap/countries/MNG', '/timemap/schema/case.json', '/timemap/timemap/cases/wet-pit'):
        assert ask(address, none).status == 404, none


with served(program) as site:
    keep_promises(site)
