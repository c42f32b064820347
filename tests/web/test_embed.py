"""What other sites show: badge, card, picture, and the text to copy. usage: test_embed.py HISTORY-SITE"""
import html.parser
import re
import struct
import sys
import xml.etree.ElementTree as ElementTree

from promises import keep_promises, promise
from served import ask, served

SUBJECTS = {'pledges/green-hill': 'Green the hill & <all> of it', 'sites/alex-pit': 'Alex pit', 'organisations/aardvark': 'Aardvark', 'cases/wet-pit': 'A wet pit', 'countries/MNG': 'Mongolia'}


class Parsed(html.parser.HTMLParser):
    """Elements with their attributes, and the text of each <pre>."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.texts, self.open = [], [], False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag == 'pre':
            self.texts.append('')
        self.open = tag == 'pre' or self.open

    def handle_endtag(self, tag):
        self.open = self.open and tag != 'pre'

    def handle_data(self, data):
        if self.open:
            self.texts[-1] += data


@promise
def a_badge_says_how_it_stands(address):
    for path, title in SUBJECTS.items():
        answer = ask(address, f'/embed/{path}/badge.svg')
        assert answer.status == 200 and answer['Content-Type'] == 'image/svg+xml' and answer['Access-Control-Allow-Origin'] == '*'
        root = ElementTree.fromstring(answer.bytes)
        name = root.find('{http://www.w3.org/2000/svg}title').text
        assert name.startswith(title + ': ') and len(name) > len(title) + 4, name
        assert 40 < float(root.get('width').removesuffix('px')) <= 462 and float(root.get('height').removesuffix('px')) == 26, root.attrib
        assert 'href' not in re.sub(r'xlink:href="#[^"]*"|xmlns:xlink="[^"]*"', '', answer.text), 'it asks for nothing else'
        assert ask(address, f'/embed/{path}/badge.svg?scheme=dark').bytes != answer.bytes
    mark = lambda target: re.search(r'<title[^>]*>([^<]*)', ask(address, target).text)[1].rsplit(': ', 1)[1]
    # A pledge that names two countries is one of each; its amounts are put to neither.
    assert mark('/embed/countries/MNG/badge.svg') == mark('/embed/countries/BRA/badge.svg') == '1 pledge' and '1 also names other countries' in ask(address, '/embed/countries/BRA/card').text
    assert mark('/embed/countries/MNG/badge.svg?as-of=2026-01-06') == '1 pledge' and mark('/embed/countries/MNG/badge.svg?as-of=2026-01-05') == 'no pledge known'
    assert mark('/embed/sites/alex-pit/badge.svg').startswith('measured until') and mark('/embed/sites/alex-pit/badge.svg?as-of=2026-02-01') == 'not measured'


@promise
def a_card_may_be_framed_and_nothing_else_may(address):
    for path, title in SUBJECTS.items():
        card = ask(address, f'/embed/{path}/card')
        policy = dict(part.strip().split(' ', 1) for part in card['Content-Security-Policy'].split(';'))
        assert card.status == 200 and policy['frame-ancestors'] == '*' and policy['default-src'] == "'none'" and 'script-src' not in policy
        parsed = Parsed(card.text)
        assert not [tag for tag, _ in parsed.elements if tag in ('script', 'form', 'iframe', 'img')]
        assert all(value['target'] == '_blank' and value['rel'] == 'noopener' for tag, value in parsed.elements if tag == 'a')
        assert f'{address}/{path}' in [value['href'] for tag, value in parsed.elements if tag == 'a']
        assert card['Set-Cookie'] is None
        for other in (f'/{path}', f'/embed/{path}'):
            assert "frame-ancestors 'none'" in ask(address, other, Accept='text/html')['Content-Security-Policy'], other


@promise
def a_picture_of_a_link_has_the_size_that_others_expect(address):
    for path, title in SUBJECTS.items():
        picture = ask(address, f'/embed/{path}/card.png')
        assert picture['Content-Type'] == 'image/png' and picture.bytes[:8] == b'\x89PNG\r\n\x1a\n'
        assert struct.unpack('>II', picture.bytes[16:24]) == (1200, 630) and len(picture.bytes) < 300_000
        assert picture.bytes == ask(address, f'/embed/{path}/card.png').bytes
        tags = {value.get('property') or value.get('name'): value['content'] for tag, value in Parsed(ask(address, f'/{path}', Accept='text/html').text).elements if tag == 'meta' and 'content' in value}
        assert tags['og:image'] == f'{address}/embed/{path}/card.png' and tags['og:url'] == f'{address}/{path}' and tags['twitter:card'] == 'summary_large_image'
        assert tags['og:title'] == title, tags['og:title']
    assert 'og:image"' not in ask(address, '/pledges', Accept='text/html').text


@promise
def what_is_copied_is_what_is_shown(address):
    for path, title in SUBJECTS.items():
        page = Parsed(ask(address, f'/embed/{path}', Accept='text/html').text)
        badge, card, words = [Parsed(text) for text in page.texts]
        (link, a), (image, img) = badge.elements
        assert (link, image) == ('a', 'img') and a['href'] == f'{address}/{path}' and img['src'] == f'{address}/embed/{path}/badge.svg' and img['alt'].startswith(title + ':')
        [(frame, shown)] = card.elements
        assert frame == 'iframe' and shown['src'] == f'{address}/embed/{path}/card' and shown['title'] == title
        assert [tag for tag, _ in words.elements][:3] == ['blockquote', 'p', 'a'] and words.elements[0][1]['cite'] == f'{address}/{path}'
        assert not {'all', 'script'} & {tag for parsed in (badge, card, words) for tag, _ in parsed.elements}
        for target in (img['src'], shown['src']):
            assert ask(address, target[len(address):]).status == 200
        assert f'href="/embed/{path}"' in ask(address, f'/{path}', Accept='text/html').text


@promise
def there_is_none_of_anything_else(address):
    for path in ('pledges/none', 'policies/bond', 'countries/ABC', 'countries/mng', 'cases/draft', 'nothing/at-all'):
        for form in ('', '/badge.svg', '/card', '/card.png'):
            assert ask(address, f'/embed/{path}{form}').status == 404, path + form
    assert ask(address, '/embed/cases/wet-pit?as-of=2026-01-31').status == 404
    assert 'as-of=2026-03-01' in ask(address, '/embed/pledges/green-hill?as-of=2026-03-01', Accept='text/html').text


with served(sys.argv[1]) as site:
    keep_promises(site)
