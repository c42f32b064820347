"""Calendars as Debian's icalendar reads them, activities by the rules of IATI 2.03, citations by those of CSL. usage: test_export.py HISTORY-SITE"""
import datetime
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

from promises import keep_promises, promise
from served import ask, served

try:
    import icalendar
except ImportError:
    print('1..0 # SKIP python3-icalendar is not installed')
    sys.exit(0)

here = pathlib.Path(__file__).resolve().parent


# ---- iCalendar ----

def events(address, target):
    answer = ask(address, target)
    assert answer.status == 200 and answer['Content-Type'] == 'text/calendar; charset=utf-8', (target, answer.status)
    lines = answer.bytes.split(b'\r\n')
    assert all(len(line) <= 75 for line in lines) and b'\n' not in answer.bytes.replace(b'\r\n', b'')
    calendar = icalendar.Calendar.from_ical(answer.bytes)
    assert calendar['VERSION'] == '2.0' and calendar['PRODID'] and not calendar.errors
    found = [event for event in calendar.walk('VEVENT')]
    # RFC 5545, 3.6.1: exactly one UID and DTSTAMP (UTC), DTSTART, none with DTEND before it.
    for event in found:
        assert event['UID'].endswith('@127.0.0.1') and event['DTSTAMP'].dt.tzinfo is not None and not event.errors
        assert 'DTEND' not in event or event['DTEND'].dt > event['DTSTART'].dt
    assert len({event['UID'] for event in found}) == len(found)
    return {event['UID'].split('@')[0]: event for event in found}


@promise
def a_pledge_is_its_milestones_and_deadlines(address):
    found = events(address, '/pledges/green-hill.ics')
    assert sorted(found) == ['pledge-green-hill-' + part for part in ('milestone-1', 'milestone-2', 'milestone-3', 'target-1', 'target-2')]
    day = lambda part: found['pledge-green-hill-' + part]['DTSTART'].dt
    assert [day('milestone-1'), day('milestone-2'), day('milestone-3'), day('target-1')] == [datetime.date(2027, 6, 30), datetime.date(2028, 9, 30), datetime.date(2029, 12, 31), datetime.date(2030, 12, 31)]
    first = found['pledge-green-hill-milestone-1']
    assert first['SUMMARY'] == 'Milestone: Green the hill & <all> of it' and first['DESCRIPTION'].startswith('Topsoil; spread, on 40 % of the land\n')
    assert '100,000 ha' in first['DESCRIPTION'] and '60,000 by then' in found['pledge-green-hill-milestone-2']['DESCRIPTION']
    assert first['DTEND'].dt == datetime.date(2027, 7, 1) and first['TRANSP'] == 'TRANSPARENT' and first['SEQUENCE'] == 1
    assert first['DTSTAMP'].dt == datetime.datetime(2026, 3, 5, 12, tzinfo=datetime.timezone.utc)
    assert first['URL'] == address + '/pledges/green-hill'


@promise
def meetings_and_events_have_their_times(address):
    forum = events(address, '/forum/land-positive.ics')['forum-land-positive']
    assert forum['DTSTART'].dt == datetime.datetime(2026, 8, 24, 2, 30, tzinfo=datetime.timezone.utc)
    assert forum['DTEND'].dt == datetime.datetime(2026, 8, 24, 5, 0, tzinfo=datetime.timezone.utc)
    assert forum['LOCATION'] == 'Action Dome, Blue Zone, Ulaanbaatar' and '10:45 Dialogue' in forum['DESCRIPTION']
    meeting = events(address, '/meetings/first.ics')
    assert list(meeting) == ['meeting-first'] and meeting['meeting-first']['DTSTART'].dt == datetime.date(2026, 9, 30)  # its only action is done
    assert list(events(address, '/meetings/second.ics')) == ['meeting-second', 'meeting-second-action-2']
    assert events(address, '/meetings/second.ics')['meeting-second-action-2']['SUMMARY'] == 'Due: Ask again'
    assert events(address, '/meetings/gone.ics')['meeting-gone']['STATUS'] == 'CANCELLED'


@promise
def a_list_is_one_calendar_with_the_lists_filters(address):
    assert len(events(address, '/pledges.ics')) == 5 and len(events(address, '/pledges.ics?countries=AUS')) == 0
    assert set(events(address, '/meetings.ics')) == {'meeting-first', 'meeting-second', 'meeting-second-action-2'}
    assert len(events(address, '/pledges.ics?as-of=2026-01-05')) == 0
    assert ask(address, '/pledges.ics?status=overdue').status == 400 and ask(address, '/pledges/bare.ics').status == 404
    assert ask(address, '/pledges/none.ics').status == 404 and ask(address, '/cases.ics').status == 404
    assert 'SUMMARY;' not in ask(address, '/fr/pledges.ics').text


# ---- IATI ----

# Order and number of the elements, required attributes and codes: iatistandard.org/en/iati-standard/203/activity-standard/ and its code lists.
ORDER = ['iati-identifier', 'reporting-org', 'title', 'description', 'participating-org', 'other-identifier', 'activity-status', 'activity-date', 'contact-info', 'activity-scope',
         'recipient-country', 'recipient-region', 'location', 'sector', 'tag', 'country-budget-items', 'humanitarian-scope', 'policy-marker', 'collaboration-type', 'default-flow-type',
         'default-finance-type', 'default-aid-type', 'default-tied-status', 'budget', 'planned-disbursement', 'capital-spend', 'transaction', 'document-link', 'related-activity',
         'legacy-data', 'conditions', 'result', 'crs-add', 'fss']
ONCE = {'iati-identifier', 'reporting-org', 'title', 'activity-status'}
NEEDED = ONCE | {'description', 'participating-org', 'activity-date'}
ATTRIBUTES = {'reporting-org': {'ref', 'type'}, 'participating-org': {'role'}, 'activity-status': {'code'}, 'activity-date': {'iso-date', 'type'}, 'recipient-country': {'code'},
              'sector': {'code'}, 'document-link': {'url', 'format'}, 'result': {'type'}, 'indicator': {'measure'}, 'period-start': {'iso-date'}, 'period-end': {'iso-date'},
              'point': {'srsName'}, 'category': {'code'}}
CODES = {('reporting-org', 'type'): '10 11 15 21 22 23 24 30 40 60 70 71 72 73 80 90', ('participating-org', 'type'): '10 11 15 21 22 23 24 30 40 60 70 71 72 73 80 90',
         ('participating-org', 'role'): '1 2 3 4', ('activity-status', 'code'): '1 2 3 4 5 6', ('activity-date', 'type'): '1 2 3 4', ('description', 'type'): '1 2 3 4',
         ('result', 'type'): '1 2 3 9', ('indicator', 'measure'): '1 2 3 4 5', ('sector', 'vocabulary'): '1 2 3 4 5 6 7 8 9 10 11 12 98 99', ('category', 'code'): 'A12'}
INSIDE = {'contact-info': ['organisation', 'department', 'person-name', 'job-title', 'telephone', 'email', 'website', 'mailing-address'],
          'location': ['location-reach', 'location-id', 'name', 'description', 'activity-description', 'administrative', 'point', 'exactness', 'location-class', 'feature-designation'],
          'document-link': ['title', 'description', 'category', 'language', 'document-date', 'recipient-country'], 'result': ['title', 'description', 'document-link', 'reference', 'indicator'],
          'indicator': ['title', 'description', 'document-link', 'reference', 'baseline', 'period'], 'period': ['period-start', 'period-end', 'target', 'actual']}


def in_order(names, order):
    places = [order.index(name) for name in names]
    return places == sorted(places)


def activities(address, target):
    answer = ask(address, target)
    assert answer.status == 200 and answer['Content-Type'] == 'application/xml; charset=utf-8', (target, answer.status, answer.text[:200])
    if shutil.which('xmllint'):
        with tempfile.NamedTemporaryFile(suffix='.xml') as file:
            file.write(answer.bytes)
            file.flush()
            subprocess.run(['xmllint', '--noout', '--nonet', '--relaxng', str(here / 'iati.rng'), file.name], check=True, capture_output=True)
    root = ElementTree.fromstring(answer.bytes)
    assert root.tag == 'iati-activities' and root.get('version') == '2.03' and len(root)
    for activity in root:
        names = [child.tag for child in activity]
        assert activity.tag == 'iati-activity' and in_order(names, ORDER), names
        assert NEEDED <= set(names) and all(names.count(name) == 1 for name in ONCE), names
        assert activity.get('{http://www.w3.org/XML/1998/namespace}lang') and not activity.get('default-currency', 'USD').islower()
        assert activity.find('iati-identifier').text.startswith(activity.find('reporting-org').get('ref') + '-')
        for element in activity.iter():
            assert ATTRIBUTES.get(element.tag, set()) <= set(element.attrib), (element.tag, element.attrib)
            assert in_order([child.tag for child in element], INSIDE[element.tag]) if element.tag in INSIDE else True
            for name, value in element.attrib.items():
                assert value in CODES.get((element.tag, name), value).split(' ') or ' ' in value, (element.tag, name, value)
                assert name != 'iso-date' or re.match(r'\d{4}-\d\d-\d\d$', value)
            assert element.tag != 'narrative' or element.text
        assert activity.find('participating-org').get('ref') or activity.find('participating-org/narrative').text
        assert any(date.get('type') in '12' for date in activity.findall('activity-date')), 'a start'
        assert activity.find('sector').get('vocabulary') not in ('98', '99') or activity.find('sector').get('vocabulary-uri')
    return {activity.find('iati-identifier').text: activity for activity in root}


@promise
def a_project_is_an_activity(address):
    found = activities(address, '/projects/reforest.iati.xml')
    assert list(found) == ['XM-DAC-1-project-reforest']
    one = found['XM-DAC-1-project-reforest']
    text = lambda path: one.find(path).text
    assert text('title/narrative') == 'Reforest the pit' and one.find('recipient-country').get('code') == 'US' and text('location/point/pos') == '38 -82'
    assert one.find('activity-status').get('code') == '1' and [(d.get('type'), d.get('iso-date')) for d in one.findall('activity-date')] == [('1', '2027-01-01'), ('3', '2035-12-31')]
    assert text('participating-org/narrative') == 'Aardvark' and one.find('participating-org').attrib == {'type': '70', 'role': '2'}
    assert text('contact-info/website') == 'https://example.org/contact?a=1&b=2'
    assert one.findall('description')[1][0].text == 'Whole cost: 2,000,000 USD.\nSought: first loss, 500,000 USD, by June 2027.', one.findall('description')[1][0].text
    assert one.find('result/indicator/period/target').get('value') == '100' and one.get('last-updated-datetime') == '2026-03-01T10:00:00Z'
    assert one.find('document-link').get('url') == address + '/projects/reforest'


@promise
def the_list_says_what_it_leaves_out(address):
    assert list(activities(address, '/projects.iati.xml')) == ['XM-DAC-1-project-reforest']
    assert '<!-- Left out, for they do not say when they begin: bare -->' in ask(address, '/projects.iati.xml').text
    assert ask(address, '/projects.iati.xml').bytes == ask(address, '/projects.iati.xml').bytes
    assert ask(address, '/projects/bare.iati.xml').status == 404
    for none in ('country=AUS', 'as-of=2026-01-31'):
        assert len(ElementTree.fromstring(ask(address, '/projects.iati.xml?' + none).bytes)) == 0 and 'There is no project.' in ask(address, '/projects.iati.xml?' + none).text


# ---- CSL-JSON ----

@promise
def a_case_is_cited_in_csl(address):
    answer = ask(address, '/cases/wet-pit.csl.json')
    assert answer['Content-Type'] == 'application/vnd.citationstyles.csl+json'
    [item] = json.loads(answer.text)
    # https://resource.citationstyles.org/schema/v1.0/input/json/csl-data.json: id and type are required; names are objects, dates are date-parts.
    assert item['id'] == 'wet-pit' and item['type'] == 'webpage' and item['title'] == 'A wet pit' and item['author'] == [{'literal': 'aftermine'}]
    assert item['issued'] == {'date-parts': [[2026, 5, 1]]} and item['URL'] == address + '/cases/wet-pit' and item['version'] == '3'
    hash_ = json.loads(ask(address, '/cases/wet-pit.json').text)['hash']
    assert hash_ in item['note'] and hash_ in ask(address, '/cases/wet-pit.bib').text
    assert set(item) <= {'id', 'type', 'title', 'container-title', 'author', 'publisher', 'license', 'version', 'issued', 'URL', 'note', 'abstract'}
    assert [one['id'] for one in json.loads(ask(address, '/cases.csl.json?as-of=2026-02-28').text)] == ['wet-pit']
    assert json.loads(ask(address, '/cases.csl.json?country=BRA').text) == []


@promise
def citations_of_a_list_come_by_the_page_as_its_other_forms_do(address):
    everything = [one['id'] for one in json.loads(ask(address, '/cases.json?sort=title').text)['items']]
    assert len(everything) > 1
    for ending, ids in (('bib', lambda text: re.findall(r'^@misc\{(.*),$', text, re.M)), ('ris', lambda text: re.findall(r'^ID  - (.*?)\r$', text, re.M)),
                        ('csl.json', lambda text: [one['id'] for one in json.loads(text)])):
        cited = []
        for page in range(1, len(everything) + 2):
            answer = ask(address, f'/cases.{ending}?sort=title&per-page=1&page={page}')
            assert ('rel="next"' in answer['Link']) == (page < len(everything)), answer['Link']
            cited += ids(answer.text)
        assert cited == everything == ids(ask(address, f'/cases.{ending}?sort=title').text)


with open(here / 'history.json', encoding='utf-8') as file:
    past = json.load(file)
past += [
    {'time': '2026-06-01T00:00:00Z', 'kind': 'meeting', 'id': 'second', 'set': {'title': 'Second', 'forum': None, 'actions': [
        {'what': 'Ask', 'owner': 'aardvark', 'due': '2026-12', 'state': 'done', 'done_on': '2026-11-01'}, {'what': 'Ask again', 'owner': 'aardvark', 'due': '2027', 'state': 'open'}]}},
    {'time': '2026-06-02T00:00:00Z', 'kind': 'meeting', 'id': 'gone', 'set': {'forum': None}},
    {'time': '2026-06-03T00:00:00Z', 'kind': 'meeting', 'id': 'gone', 'state': 'withdrawn', 'reason': 'Called off.'},
    {'time': '2026-06-03T12:00:00Z', 'kind': 'case', 'id': 'dry-pit', 'set': {'title': 'A dry pit'}},
    {'time': '2026-06-03T12:00:00Z', 'kind': 'case', 'id': 'old-pit', 'set': {'title': 'An old pit'}},
    {'time': '2026-06-04T00:00:00Z', 'kind': 'pledge', 'id': 'bare', 'set': {'title': 'Bare', 'milestones': None, 'targets': [{'metric': 'area-restored'}]}},
]
with tempfile.NamedTemporaryFile('w', suffix='.json') as file:
    json.dump(past, file)
    file.flush()
    with served(sys.argv[1], file.name, '[site]\niati-organisation=XM-DAC-1\n') as site:
        keep_promises(site)
