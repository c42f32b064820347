"""Feeds of changes as a feed reader reads them: Debian's feedparser on Atom, JSON Feed by its specification. usage: test_feed.py HISTORY-SITE"""
import email.utils
import json
import sys

try:
    import feedparser
except ImportError:
    print('1..0 # SKIP python3-feedparser is not installed')
    sys.exit(0)

from promises import keep_promises, promise
from served import ask, served


def atom(address, target, **headers):
    answer = ask(address, target, **headers)
    assert answer.status == 200, (target, answer.status, answer.text[:300])
    read = feedparser.parse(answer.bytes)
    assert not read.bozo, (target, read.get('bozo_exception'))
    assert read.version == 'atom10'
    return read


def titles(read):
    return [entry.title for entry in read.entries]


@promise
def everything_that_was_published_stands_in_it_newest_first(address):
    read = atom(address, '/feed.atom')
    assert len(read.entries) == 20, titles(read)  # all but the draft
    assert titles(read)[:3] == ['A wet pit: withdrawn', 'A wet pit: changed', 'Green the hill & <all> of it: changed'], titles(read)
    assert 'draft' not in json.dumps(read.entries)
    times = [entry.updated for entry in read.entries]
    assert times == sorted(times, reverse=True)
    assert read.feed.updated == times[0] == '2026-05-01T12:00:00Z'
    assert read.feed.language == 'en' and read.feed.title.startswith('All changes')


@promise
def an_entry_says_in_words_what_changed_and_why(address):
    entry = next(e for e in atom(address, '/feed.atom').entries if e.title.startswith('Green') and e.title.endswith('changed'))
    words = entry.content[0].value
    assert 'The board halved it.' in words
    assert '2019 → 2018' in words, words
    assert entry.content[0].type == 'application/xhtml+xml'
    assert entry.tags[0].term == 'pledge' and entry.author == 'editors'
    assert entry.link == address + '/pledges/green-hill'
    withdrawn = atom(address, '/feed.atom').entries[0]
    assert 'Its figures were made up.' in withdrawn.content[0].value
    new = atom(address, '/pledges/green-hill.atom').entries[1]
    assert "voluntary forest goal" in new.content[0].value


@promise
def ids_are_the_hashes_of_revisions_and_stay(address):
    entry = atom(address, '/pledges/green-hill.atom').entries[0]
    revision = json.loads(ask(address, '/pledges/green-hill.json').text)
    assert entry.id == 'nih:sha-256;' + revision['hash']
    everything = atom(address, '/feed.atom')
    assert len({e.id for e in everything.entries}) == len(everything.entries)
    assert entry.id in {e.id for e in everything.entries}
    assert atom(address, '/feed.atom', Accept_Language='fr').feed.id == everything.feed.id


@promise
def it_is_filtered_like_a_search_and_tells_what_left(address):
    assert titles(atom(address, '/pledges.atom')) == ['Green the hill & <all> of it: changed', 'Green the hill & <all> of it: first published']
    assert titles(atom(address, '/pledges.atom?countries=BRA')) == ['Green the hill & <all> of it: changed']
    # The case moved away from Mongolia: those who follow Mongolia are told, but not what became of it afterwards.
    assert titles(atom(address, '/cases.atom?country=MNG')) == ['A wet pit: changed', 'A wet pit: first published']
    assert titles(atom(address, '/cases.atom?country=AUS')) == ['A wet pit: withdrawn', 'A wet pit: changed']
    assert titles(atom(address, '/feed.atom?q=wet+pit')) == ['A wet pit: withdrawn', 'A wet pit: changed', 'A wet pit: first published']
    assert {e.tags[0].term for e in atom(address, '/feed.atom?country=MNG').entries} >= {'pledge', 'case', 'forum', 'project'} - {'site', 'organisation'}
    assert titles(atom(address, '/feed.atom?kind=pledge')) == titles(atom(address, '/pledges.atom'))
    assert titles(atom(address, '/feed.atom?kind=organisation')) == titles(atom(address, '/organisations.atom')) != []
    assert ask(address, '/search.json?kind=organisation&q=aardvark').status == ask(address, '/search?kind=organisation&q=aardvark').status == 200
    assert len(atom(address, '/feed.atom?bbox=100,40,110,50').entries) == 1
    assert len(atom(address, '/feed.atom?as-of=2026-02-28').entries) == 14
    assert len(atom(address, '/cases/wet-pit.atom?as-of=2026-04-30').entries) == 2
    assert atom(address, '/offers.atom?q=nothing+at+all').entries == []
    for wrong in ('/feed.atom?country=Mongolia', '/feed.atom?kind=nothing', '/pledges.atom?page=0', '/pledges.atom?status=overdue', '/feed.json?per-page=201', '/feed.atom?as-of=x'):
        assert ask(address, wrong).status == 400, wrong
    assert ask(address, '/cases/draft.atom').status == 404 and ask(address, '/cases/nothing.atom').status == 404


@promise
def pages_of_it_follow_each_other(address):
    seen, target, pages = [], '/feed.atom?per-page=4', 0
    while target:
        read = atom(address, target)
        links = {link.rel: link.href for link in read.feed.links}
        assert links['self'].endswith(target)
        seen += [entry.id for entry in read.entries]
        target = links['next'][len(address):] if 'next' in links else None
        pages += 1
    assert pages == 5 and seen == [entry.id for entry in atom(address, '/feed.atom').entries]
    seen, target = [], '/feed.json?per-page=4'
    while target:
        read = json.loads(ask(address, target).text)
        seen += [item['id'] for item in read['items']]
        target = read['next_url'][len(address):] if 'next_url' in read else None
    assert seen == [entry.id for entry in atom(address, '/feed.atom').entries]
    assert len(atom(address, '/pledges/green-hill.atom?per-page=1&page=2').entries) == 1


@promise
def json_feed_says_the_same(address):
    answer = ask(address, '/feed.json?kind=pledge')
    read = json.loads(answer.text)
    assert answer['Content-Type'] == 'application/feed+json'
    # https://www.jsonfeed.org/version/1.1/: version and title and items are required, an item's id and content.
    assert read['version'] == 'https://jsonfeed.org/version/1.1' and read['title'] and read['feed_url'] == address + '/feed.json?kind=pledge'
    assert read['home_page_url'] and read['language'] == 'en'
    for item, entry in zip(read['items'], atom(address, '/pledges.atom').entries, strict=True):
        assert item['id'] == entry.id and item['title'] == entry.title and item['url'] == entry.link and item['date_published'] == entry.published
        assert item['content_text'] and item['tags'] == ['pledge'] and item['authors'] == [{'name': 'editors'}]
    assert read['items'][0]['_aftermine']['log_entry'] == 17


@promise
def a_reader_that_has_it_is_told_so(address):
    answer = ask(address, '/feed.atom')
    assert answer['Last-Modified'] == email.utils.format_datetime(email.utils.parsedate_to_datetime('Fri, 01 May 2026 12:00:00 GMT'), usegmt=True)
    assert ask(address, '/feed.atom', If_None_Match=answer['ETag']).status == 304
    assert ask(address, '/feed.atom', If_Modified_Since=answer['Last-Modified']).status == 304
    assert ask(address, '/feed.atom', If_Modified_Since='Fri, 01 May 2026 11:59:59 GMT').status == 200
    assert ask(address, '/feed.atom', If_Modified_Since='yesterday').status == 200
    assert ask(address, '/feed.atom', If_Modified_Since=answer['Last-Modified'], If_None_Match='"other"').status == 200
    assert 'Accept-Language' in answer['Vary'] and answer['Content-Language'] == 'en'


@promise
def pages_name_the_feeds_of_what_they_show(address):
    for page, feeds in {
        '/': ['/feed.atom', '/feed.json'],
        '/pledges?countries=BRA': ['/pledges.atom?countries=BRA', '/feed.json?kind=pledge&amp;countries=BRA'],
        '/pledges?status=overdue': ['/feed.atom', '/feed.json'],
        '/pledges/green-hill': ['/pledges/green-hill.atom'],
        '/organisations': ['/organisations.atom', '/feed.json?kind=organisation'],
        '/organisations?kind=ngo': ['/organisations.atom?kind=ngo'],  # in the feed of everything, kind is the kind of record
        '/en/sites': ['/en/sites.atom', '/en/feed.json?kind=site'],
    }.items():
        text = ask(address, page).text
        found = [line.split('href="')[1].split('"')[0] for line in text.splitlines() if 'rel="alternate" type="application/' in line]
        assert found == feeds, (page, found)
        for feed in found:
            assert ask(address, feed.replace('&amp;', '&')).status == 200, feed


with served(sys.argv[1]) as site:
    keep_promises(site)
