"""OAI-PMH 2.0 as its specification says it (openarchives.org/OAI/2.0/openarchivesprotocol.htm), and as a harvester of others reads it (HTTP::OAI).
usage: test_harvest.py HISTORY-SITE"""
import json
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import xml.etree.ElementTree as ElementTree

from promises import keep_promises, promise
from served import ask, served

OAI = '{http://www.openarchives.org/OAI/2.0/}'
DC = '{http://purl.org/dc/elements/1.1/}'
TIME = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$')
MANY = 230


def history():
    """More records than an answer holds; some changed, one withdrawn later."""
    body = lambda n: {'name': f'Company {n}', 'kind': 'mining-company', 'country': 'MNG'}
    first = [{'time': f'2026-01-{1 + n // 24:02}T{n % 24:02}:00:00Z', 'kind': 'organisation', 'id': f'company-{n}', 'body': body(n)} for n in range(MANY)]
    later = [{'time': f'2026-02-01T00:00:{n:02}Z', 'kind': 'organisation', 'id': f'company-{n}', 'set': {'country': 'AUS'}} for n in range(5)]
    gone = [{'time': '2026-03-01T12:30:00Z', 'kind': 'organisation', 'id': 'company-7', 'state': 'withdrawn', 'reason': 'It was two.'}]
    return first + later + gone + [{'time': '2026-03-02T00:00:00Z', 'kind': 'pledge', 'id': 'green-hill', 'set': {'title': 'Green & <grey>', 'organisations': ['company-9']}},
                                   {'time': '2026-03-03T00:00:00Z', 'kind': 'pledge', 'id': 'draft', 'state': 'draft'}]


def kinds(address):
    return json.loads(ask(address, '/api/records').text)


def oai(address, method='GET', **arguments):
    """The answer's root, checked as far as every answer is alike; from_ stands for from."""
    query = urllib.parse.urlencode([(name.rstrip('_'), one) for name, value in arguments.items() for one in ([value] if isinstance(value, str) else value)])
    answer = ask(address, '/oai?' + query)
    assert answer.status == 200 and answer['Content-Type'] == 'text/xml; charset=utf-8', answer.status
    root = ElementTree.fromstring(answer.bytes)
    assert root.tag == OAI + 'OAI-PMH' and [child.tag for child in root[:2]] == [OAI + 'responseDate', OAI + 'request'] and len(root) == 3
    assert TIME.match(root[0].text) and root[1].text == address + '/oai'
    bad = root[2].tag == OAI + 'error' and root[2].get('code') in ('badVerb', 'badArgument')
    expected = {} if bad else {name.rstrip('_'): value for name, value in arguments.items()}
    assert dict(root[1].attrib) == expected, (root[1].attrib, expected)
    if root[2].tag != OAI + 'error':
        assert root[2].tag == OAI + arguments['verb']
    return root[2]


def error(address, **arguments):
    found = oai(address, **arguments)
    assert found.tag == OAI + 'error' and found.text, (arguments, found.tag)
    return found.get('code')


def headers(list_):
    found = []
    for item in list_:
        header = item if item.tag == OAI + 'header' else item.find(OAI + 'header')
        if header is None:
            continue
        assert [child.tag for child in header] == [OAI + name for name in ('identifier', 'datestamp', 'setSpec')]
        assert TIME.match(header[1].text)
        found.append((header[0].text.split(':', 2)[2], header[1].text, header.get('status')))
    return found


def whole(address, verb='ListRecords', **arguments):
    """A list with all that its tokens lead to."""
    found, pages, arguments = [], 0, dict(metadataPrefix='oai_dc', **arguments)
    while arguments:
        part = oai(address, verb=verb, **arguments)
        if part.tag == OAI + 'error':
            return part.get('code'), 0
        token = part.find(OAI + 'resumptionToken')
        if token is not None:
            assert int(token.get('cursor')) == len(found)
            assert token is part[-1]
        found += headers(part)
        arguments = {'resumptionToken': token.text} if token is not None and token.text else None
        pages += 1
        if token is not None and pages == 1:
            size = int(token.get('completeListSize'))
    assert pages == 1 or size == len(found), (size, len(found))
    return found, pages


@promise
def it_says_what_it_is(address):
    found = oai(address, verb='Identify')
    names = [child.tag.removeprefix(OAI) for child in found]
    assert names[:7] == ['repositoryName', 'baseURL', 'protocolVersion', 'adminEmail', 'earliestDatestamp', 'deletedRecord', 'granularity'], names
    assert [found[i].text for i in (0, 1, 2, 3, 4, 5, 6)] == ['A & B', address + '/oai', '2.0', 'editors@example.org', '2026-01-01T00:00:00Z', 'persistent', 'YYYY-MM-DDThh:mm:ssZ']
    formats = oai(address, verb='ListMetadataFormats')
    assert [[child.text for child in one] for one in formats] == [['oai_dc', 'http://www.openarchives.org/OAI/2.0/oai_dc.xsd', 'http://www.openarchives.org/OAI/2.0/oai_dc/']]
    assert len(oai(address, verb='ListMetadataFormats', identifier='oai:127.0.0.1:organisation/company-1')) == 1
    sets = {one.find(OAI + 'setSpec').text for one in oai(address, verb='ListSets')}
    assert {'case', 'pledge', 'organisation', 'measurement'} <= sets and len(sets) == len(kinds(address))
    described = ElementTree.fromstring(ask(address, '/oai?verb=Identify', Host='land.example.org').bytes)[2]
    assert described[-1][0].tag == '{http://www.openarchives.org/OAI/2.0/oai-identifier}oai-identifier'
    assert [child.text for child in described[-1][0]] == ['oai', 'land.example.org', ':', 'oai:land.example.org:pledge/vale-2030-forest-goal']


@promise
def a_harvest_holds_every_record_once(address):
    for verb in ('ListRecords', 'ListIdentifiers'):
        found, pages = whole(address, verb)
        assert pages == 3 and len(found) == MANY + 1
        assert len({identifier for identifier, _, _ in found}) == MANY + 1
        assert [one for one in found if one[2]] == [('organisation/company-7', '2026-03-01T12:30:00Z', 'deleted')]
        assert dict((i, d) for i, d, _ in found)['organisation/company-3'] == '2026-02-01T00:00:03Z'
        assert not any('draft' in identifier for identifier, _, _ in found)
    assert whole(address, set='pledge')[0] == [('pledge/green-hill', '2026-03-02T00:00:00Z', None)]


@promise
def it_harvests_what_changed_since(address):
    assert len(whole(address, from_='2026-02-01')[0]) == 7
    assert len(whole(address, from_='2026-02-01', until='2026-02-01')[0]) == 5
    assert whole(address, from_='2026-02-01T00:00:02Z', until='2026-02-01T00:00:03Z')[0] == [(f'organisation/company-{n}', f'2026-02-01T00:00:0{n}Z', None) for n in (2, 3)]
    first, pages = whole(address, until='2026-01-31')
    assert len(first) == MANY - 6 and pages == 3  # those changed later are of later
    assert whole(address, from_='2026-03-01', set='organisation')[0] == [('organisation/company-7', '2026-03-01T12:30:00Z', 'deleted')]
    assert whole(address, from_='2027-01-01')[0] == 'noRecordsMatch'
    assert whole(address, until='2025-12-31')[0] == 'noRecordsMatch'


@promise
def a_record_is_dublin_core(address):
    one = oai(address, verb='GetRecord', identifier='oai:127.0.0.1:pledge/green-hill', metadataPrefix='oai_dc')
    assert len(one) == 1 and [child.tag for child in one[0]] == [OAI + 'header', OAI + 'metadata']
    core = one[0][1][0]
    assert core.tag == '{http://www.openarchives.org/OAI/2.0/oai_dc/}dc' and all(child.tag.startswith(DC) and not len(child) and child.text for child in core)
    allowed = {'title', 'creator', 'subject', 'description', 'publisher', 'contributor', 'date', 'type', 'format', 'identifier', 'source', 'language', 'relation', 'coverage', 'rights'}
    said = {}
    for child in core:
        said.setdefault(child.tag.removeprefix(DC), []).append(child.text)
    assert set(said) <= allowed
    assert said['title'] == ['Green & <grey>'] and said['creator'] == ['Company 9'] and said['date'] == ['2026-03-02'] and said['publisher'] == ['A & B']
    assert said['identifier'][0] == address + '/pledges/green-hill' and re.match('nih:sha-256;[0-9a-f]{64}$', said['identifier'][1])
    assert said['coverage'] == ['Brazil'] and said['rights'] == ['https://creativecommons.org/licenses/by/4.0/']
    gone = oai(address, verb='GetRecord', identifier='oai:127.0.0.1:organisation/company-7', metadataPrefix='oai_dc')
    assert [child.tag for child in gone[0]] == [OAI + 'header'] and gone[0][0].get('status') == 'deleted'


@promise
def every_error_has_its_code(address):
    one = 'oai:127.0.0.1:pledge/green-hill'
    for code, arguments in (
        ('badVerb', {}), ('badVerb', {'verb': 'Steal'}), ('badVerb', {'verb': ['Identify', 'Identify']}), ('badVerb', {'verb': 'identify'}),
        ('badArgument', {'verb': 'Identify', 'set': 'case'}), ('badArgument', {'verb': 'GetRecord', 'identifier': one}), ('badArgument', {'verb': 'ListRecords'}),
        ('badArgument', {'verb': 'GetRecord', 'metadataPrefix': 'oai_dc'}), ('badArgument', {'verb': 'ListRecords', 'metadataPrefix': ['oai_dc', 'oai_dc']}),
        ('badArgument', {'verb': 'ListRecords', 'metadataPrefix': 'oai_dc', 'resumptionToken': 'x'}),
        ('badArgument', {'verb': 'ListRecords', 'metadataPrefix': 'oai_dc', 'from_': '2026-02-30'}), ('badArgument', {'verb': 'ListRecords', 'metadataPrefix': 'oai_dc', 'from_': 'junk'}),
        ('badArgument', {'verb': 'ListRecords', 'metadataPrefix': 'oai_dc', 'from_': '2026-02-01T00:00Z'}),
        ('badArgument', {'verb': 'ListRecords', 'metadataPrefix': 'oai_dc', 'from_': '2026-02-01', 'until': '2026-02-01T00:00:00Z'}),
        ('badArgument', {'verb': 'ListRecords', 'metadataPrefix': 'oai_dc', 'from_': '2026-03-01', 'until': '2026-02-01'}),
        ('badResumptionToken', {'verb': 'ListRecords', 'resumptionToken': 'x'}), ('badResumptionToken', {'verb': 'ListIdentifiers', 'resumptionToken': 'oai_dc!!!!9999!100'}),
        ('badResumptionToken', {'verb': 'ListSets', 'resumptionToken': 'x'}),
        ('cannotDisseminateFormat', {'verb': 'ListRecords', 'metadataPrefix': 'marc21'}), ('cannotDisseminateFormat', {'verb': 'GetRecord', 'identifier': one, 'metadataPrefix': 'x'}),
        ('cannotDisseminateFormat', {'verb': 'ListRecords', 'resumptionToken': 'marc!!!!1!1'}),
        ('idDoesNotExist', {'verb': 'GetRecord', 'identifier': 'oai:127.0.0.1:pledge/none', 'metadataPrefix': 'oai_dc'}),
        ('idDoesNotExist', {'verb': 'GetRecord', 'identifier': 'oai:127.0.0.1:pledge/draft', 'metadataPrefix': 'oai_dc'}),
        ('idDoesNotExist', {'verb': 'GetRecord', 'identifier': 'oai:other.example:pledge/green-hill', 'metadataPrefix': 'oai_dc'}),
        ('idDoesNotExist', {'verb': 'ListMetadataFormats', 'identifier': '"<&>'}),
        ('noRecordsMatch', {'verb': 'ListRecords', 'metadataPrefix': 'oai_dc', 'set': 'nothing'}), ('noRecordsMatch', {'verb': 'ListIdentifiers', 'metadataPrefix': 'oai_dc', 'set': 'case'}),
    ):
        assert error(address, **arguments) == code, (code, arguments)


@promise
def a_form_asks_the_same(address):
    import http.client
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(address).netloc, timeout=20)
    connection.request('POST', '/oai', body='verb=GetRecord&identifier=oai%3A127.0.0.1%3Apledge%2Fgreen-hill&metadataPrefix=oai_dc',
                       headers={'Content-Type': 'application/x-www-form-urlencoded'})
    root = ElementTree.fromstring(connection.getresponse().read())
    assert root[2].tag == OAI + 'GetRecord' and root[1].get('identifier') == 'oai:127.0.0.1:pledge/green-hill'


HARVEST = r'''
use HTTP::OAI;
my $h = HTTP::OAI::Harvester->new(baseURL => $ARGV[0]);
my $i = $h->Identify; die $i->message if $i->is_error;
my ($n, $gone, %seen) = (0, 0);
my $list = $h->ListRecords(metadataPrefix => 'oai_dc', onRecord => sub {
	my $r = shift;
	$n++; $seen{$r->identifier}++; $gone++ if $r->status && $r->status eq 'deleted';
	die "no metadata" if !($r->status && $r->status eq 'deleted') && !$r->metadata;
});
die $list->message if $list->is_error;
my $sets = 0; my $s = $h->ListSets; $sets++ while $s->next;
print $i->repositoryName, "|$n|", scalar(keys %seen), "|$gone|$sets\n";
'''


@promise
def a_harvester_of_others_takes_all_of_it(address):
    if not shutil.which('perl') or subprocess.run(['perl', '-MHTTP::OAI', '-e', '1'], capture_output=True, check=False).returncode:
        print('# libhttp-oai-perl is not installed: left out')
        return
    done = subprocess.run(['perl', '-e', HARVEST, address + '/oai'], capture_output=True, text=True, check=False)
    assert done.stdout == f'A & B|{MANY + 1}|{MANY + 1}|1|{len(kinds(address))}\n', (done.stdout, done.stderr)


with tempfile.NamedTemporaryFile('w', suffix='.json') as past:
    json.dump(history(), past)
    past.flush()
    with served(sys.argv[1], past.name, '[site]\nname=A & B\ncontact=editors@example.org\n') as site:
        keep_promises(site)
