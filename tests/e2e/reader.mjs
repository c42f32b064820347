// What a reader does: looks for cases, compares them, walks the map, reads in another language, without scripts, on paper.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, equal, run, test } from './harness.mjs';

const number = text => parseInt(text.replace(/\D*([\d,.\s]+).*/s, '$1').replace(/\D/g, ''), 10);

async function count(page) {
	return number(await page.locator('.browse-count').textContent());
}

test('a word narrows the list as it is typed, marks its hits, and the back button brings the list back', async ({ open }) => {
	const page = await open('/cases');
	const all = await count(page);
	check(all > 100, `the compilation shows ${all} cases`);
	await page.locator('main [data-search]').pressSequentially('topsoil');
	await page.waitForURL(/q=topsoil/);
	await page.locator('.rows mark').first().waitFor();
	const some = await count(page);
	check(some > 0 && some < all, `${some} of ${all} after a word`);
	await page.goBack();
	await page.waitForFunction(n => document.querySelector('.browse-count').textContent.includes(n), String(all));
	equal(page.faults.join(), '', 'errors');
});

test('a filter narrows the list without a new page, shows as a chip, and can be taken away', async ({ open }) => {
	const page = await open('/cases');
	const all = await count(page);
	await page.evaluate(() => globalThis.sameDocument = true);
	await page.locator('[data-facet="country"] a', { hasText: 'Mongolia' }).click();
	await page.waitForURL(/country=MNG/);
	await page.locator('.chips a', { hasText: 'Mongolia' }).waitFor();
	const some = await count(page);
	check(some > 0 && some < all, `${some} of ${all} in Mongolia`);
	equal(await page.locator('.row').count(), Math.min(some, 20), 'rows');
	check(await page.evaluate(() => globalThis.sameDocument), 'the page was loaded anew');
	await page.locator('.chips a', { hasText: 'Mongolia' }).click();
	await page.waitForFunction(n => document.querySelector('.browse-count').textContent.includes(n), String(all));
});

test('facet counts tell the truth: a value’s count is what choosing it shows', async ({ open }) => {
	const page = await open('/cases?themes=circular-economy');
	const value = page.locator('[data-facet="country"] a').first();
	const promised = number(await value.locator('small').textContent());
	await value.click();
	await page.locator('.chips a').nth(1).waitFor();
	equal(await count(page), promised, 'cases shown');
});

test('the slash key goes to the search box', async ({ open }) => {
	const page = await open('/cases');
	await page.keyboard.press('/');
	check(await page.evaluate(() => document.activeElement.matches('[data-search]')), 'the search box has no focus');
});

test('two to four cases are compared side by side, chosen over several pages of the list', async ({ open }) => {
	const page = await open('/cases?sort=title');
	await page.locator('.row-compare input').nth(0).check();
	await page.locator('.row-compare input').nth(1).check();
	await page.locator('.paging a[rel=next]').click();
	await page.waitForURL(/page=2/);
	await page.locator('.row-compare input').nth(0).check();
	await page.locator('#compare button').click();
	await page.waitForURL(/\/cases\/compare/);
	equal(await page.locator('.comparison thead th').count(), 3, 'cases side by side');
	check(await page.locator('.comparison tbody').getByText('not reported').count() > 0, 'what is missing is not shown as missing');
	await page.locator('.comparison thead th a', { hasText: 'Take away' }).first().click();
	await page.waitForLoadState();
	equal(await page.locator('.comparison thead th').count(), 2, 'cases after one was taken away');
});

test('the map comes alive: its places are buttons for mouse and keyboard, and the panel tells what they are', async ({ open }) => {
	const page = await open('/cases?view=map');
	check(!await page.evaluate(() => 'maplibregl' in globalThis), 'the map was loaded before it was wanted');
	await page.mouse.move(600, 400);
	await page.mouse.move(620, 420);
	await page.waitForFunction(() => Number(document.querySelector('[data-map]').dataset.pins) > 5, null, { timeout: 30000 });
	const label = await page.locator('.pin-many').first().getAttribute('aria-label');
	check(number(label) >= 2, `a cluster is called ${label}`);
	await page.locator('.pin-many').first().click();
	await page.locator('.plate-place a').first().waitFor();
	check(await page.locator('.plate-place').count() >= 2, 'the panel does not list the cluster');
	await page.locator('.pin').last().focus();
	await page.keyboard.press('Enter');
	await page.waitForFunction(() => document.querySelector('.plate-place a'));
	const href = await page.locator('.plate-place a').first().getAttribute('href');
	equal((await page.request.get(href)).status(), 200, href);
	await page.locator('[data-facet="country"] a', { hasText: 'Mongolia' }).click();
	await page.locator('.chips a', { hasText: 'Mongolia' }).waitFor();
	await page.mouse.move(640, 440);
	await page.waitForFunction(() => Number(document.querySelector('[data-map]').dataset.pins) > 0, null, { timeout: 30000 });
	equal(page.faults.join(), '', 'errors');
});

test('the map has a list beside it and a drawn picture for readers without scripts', async ({ open }) => {
	const page = await open('/cases?view=map', { javaScriptEnabled: false });
	check(await page.locator('.plate-still img').evaluate(img => img.complete && img.naturalWidth > 100), 'the drawn map does not load');
	check(await page.locator('.row').count() > 10, 'the list is not there');
	await page.locator('.plate-panel a', { hasText: 'list' }).click();
	equal(await page.locator('.plate').count(), 0, 'maps on the list alone');
});

test('without scripts: search, filters, paging and comparison work as links and forms', async ({ open }) => {
	const page = await open('/cases', { javaScriptEnabled: false });
	const all = await count(page);
	await page.locator('main [data-search]').fill('tailings');
	await page.locator('main [data-search]').press('Enter');
	const found = await count(page);
	check(found > 0 && found < all, `${found} of ${all} for a word`);
	await page.locator('.facet li a').first().click();
	check(await count(page) <= found, 'a filter widens');
	check(page.url().includes('q=tailings'), 'the filter forgets the word');
	await page.locator('.row-compare input').nth(0).check();
	await page.locator('.row-compare input').nth(1).check();
	await page.locator('#compare button').click();
	equal(await page.locator('.comparison thead th').count(), 2, 'cases side by side');
	await page.goto('/');
	await page.locator('main input[name=q]').fill('Mongolia');
	await page.locator('main button[type=submit]').click();
	check(await page.locator('.find').count() > 0, 'the search of everything finds nothing');
});

test('on a phone the filters wait in a drawer and the menu opens, with and without scripts', async ({ open }) => {
	for (const javaScriptEnabled of [true, false]) {
		const page = await open('/cases', { viewport: { width: 390, height: 844 }, javaScriptEnabled });
		check(!await page.locator('.facet li a').first().isVisible(), 'the drawer lies open');
		await page.locator('.facets > summary').click();
		check(await page.locator('.facet li a').first().isVisible(), 'the drawer does not open');
		check(!await page.locator('.menu a').first().isVisible(), 'the menu lies open');
		await page.locator('.menu summary').click();
		check(await page.locator('.menu a').first().isVisible(), 'the menu does not open');
		if (!javaScriptEnabled)
			continue;
		await page.keyboard.press('Tab');
		await page.keyboard.press('Escape');
		check(!await page.locator('.menu a').first().isVisible(), 'Escape does not shut the menu');
		check(await page.locator('.menu summary').evaluate(e => e === document.activeElement), 'the focus is lost');
	}
});

test('numbers and dates follow the language of the page; a right-to-left language turns it round', async ({ open }) => {
	const english = await open('/cases/sudbury-regreening');
	check(/10,000,000/.test(await english.locator('main').textContent()), 'no English number');
	check(/\d{1,2} \w+ 20\d\d|\w+ \d{1,2}, 20\d\d/.test(await english.locator('.citation').textContent()), 'no English date');
	const accented = await open('/en-XA/cases/sudbury-regreening');
	equal(await accented.locator('html').getAttribute('lang'), 'en-XA', 'language');
	check(!/What was done/.test(await accented.locator('main').textContent()), 'a string of the page is not translated');
	const arabic = await open('/ar-XB/cases/sudbury-regreening', { viewport: { width: 390, height: 844 } });
	equal(await arabic.locator('html').getAttribute('dir'), 'rtl', 'direction');
	check(await arabic.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the turned page overflows');
	check((await arabic.locator('.menu a').first().getAttribute('href')).startsWith('/ar-XB/'), 'links leave the language');
});

test('every figure explains itself, without scripts and on paper too', async ({ open }) => {
	const page = await open('/pledges/example-steppe', { javaScriptEnabled: false });
	const measured = page.locator('.tally-row', { hasText: 'Measured' }).first();
	equal(await page.locator('.tally-row .tally-number').count(), await page.locator('.tally-row:has(.tally-number) .explain').count(), 'figures that explain themselves');
	check(!await measured.getByText('95 per cent ranges').isVisible(), 'the explanation is open before it is asked for');
	await measured.getByText('Explain').click();
	for (const word of ['What it is', 'Source', 'Method', 'Uncertainty', 'Date'])
		check(await measured.locator('dt', { hasText: word }).isVisible(), `the explanation says nothing of: ${word}`);
	check((await measured.locator('.explain a').getAttribute('href')).startsWith('/measurements/'), 'a measured figure leads to its measurement');
	await page.emulateMedia({ media: 'print' });
	check(await page.getByText('nothing is computed').first().isVisible(), 'the explanation is missing on paper');
});

test('a day asked for stays while one reads on', async ({ open }) => {
	const day = new Date().toISOString().slice(0, 10), page = await open(`/pledges?as-of=${day}`);
	await page.getByRole('link', { name: 'Bring 1,200 hectares' }).click();
	check(await page.getByText('as it stood on').isVisible(), 'the page does not say of which day it is');
	await page.getByRole('link', { name: 'North pit' }).first().click();
	equal(new URL(page.url()).searchParams.get('as-of'), day, 'the day on the site’s page');
	await page.locator('#masthead-q').fill('steppe');
	await page.locator('#masthead-q').press('Enter');
	await page.waitForURL('**/search**');
	equal(new URL(page.url()).searchParams.get('as-of'), day, 'the day in a search');
	await page.getByRole('link', { name: 'Read it as it stands now' }).click();
	equal(new URL(page.url()).searchParams.get('as-of'), null, 'the day after going back to now');
});

test('on paper: black on white, no controls, addresses as footnotes', async ({ open }) => {
	const page = await open('/cases/sudbury-regreening', { colorScheme: 'dark' });
	await page.emulateMedia({ media: 'print' });
	const look = await page.evaluate(() => ({ paper: getComputedStyle(document.body).backgroundColor, ink: getComputedStyle(document.body).color }));
	equal(look.paper, 'rgb(255, 255, 255)', 'paper');
	equal(look.ink, 'rgb(0, 0, 0)', 'ink');
	for (const selector of ['.menu', '.masthead-search', '.colophon nav'])
		check(!await page.locator(selector).first().isVisible(), `${selector} is printed`);
	const source = await page.locator('.sources a').first().evaluate(a => getComputedStyle(a, '::after').content);
	check(source.includes('http'), `a source’s address is not printed: ${source}`);
	check((await page.pdf({ format: 'A4' })).length > 10000, 'no paper came out');
});

test('a citation can be had as BibTeX and RIS, for one case and for a list', async ({ open }) => {
	const page = await open('/cases/sudbury-regreening');
	check(/^@misc\{sudbury-regreening,/.test(await (await page.request.get('/cases/sudbury-regreening.bib')).text()), 'no BibTeX');
	check(/^TY {2}- ELEC\r\n/.test(await (await page.request.get('/cases/sudbury-regreening.ris')).text()), 'no RIS');
	const list = await (await page.request.get('/cases.bib?country=MNG')).text();
	equal(list.match(/@misc/g).length, number(await (await page.request.get('/cases?country=MNG')).text().then(t => t.match(/browse-count[^>]*>([^<]*)/)[1])), 'citations');
});

// Real images: the mine in India from Sentinel-2, a burnt forest from Landsat composites. They are other people's and stand beside the repository.
const data = process.env.AFTERMINE_TESTDATA;
const real = data && existsSync(join(data, 'mine-s2-india')) && existsSync(join(data, 'landsat-bap-bc-more-years'));
test('measured images show: figures with their range, before and after, the balance; also on the page of a pledge' + (real ? '' : ' # SKIP no test data'), async ({ open, folder, aftermine, ldn }) => {
	if (!real)
		return;
	const demo = join(folder, 'demo'), images = (where, some) => readdirSync(join(data, where)).filter(name => some.test(name)).map(name => join(data, where, name));
	const outline = path => JSON.parse(ldn('vector', path, '-o', '-')).features.map(feature => feature.geometry);
	const quarry = JSON.parse(readFileSync(join(data, 'mine-s2-india', 'outline.geojson'), 'utf8'));
	const fire = outline(join(data, 'landsat-bap-bc-more-years', 'wildfire_516.gpkg'))[0], forest = outline(join(data, 'landsat-bap-bc', 'test_reference.gpkg'));
	const records = join(folder, 'measured.json');
	writeFileSync(records, JSON.stringify([
		{ kind: 'site', id: 'a-quarry', body: { name: 'A quarry', country: 'IND', geometry: (quarry.features?.[0] ?? quarry).geometry } },
		{ kind: 'site', id: 'a-burnt-forest', body: { name: 'A burnt forest', country: 'CAN', geometry: fire, disturbed_from: 2005, restored_from: 2006,
			reference_geometry: { type: 'MultiPolygon', coordinates: forest.map(g => g.coordinates) } } },
		{ kind: 'pledge', id: 'a-forest-back', body: { title: 'A forest back', statement: 'Made up for tests.', organisations: ['example-mining'], countries: ['CAN'], made_on: '2006-01-01',
			targets: [{ metric: 'area-restored', value: 60, unit: 'ha', baseline_year: 2006, target_year: 2030 }], sites: ['a-burnt-forest'],
			sources: [{ n: 1, title: 'Made up', kind: 'company', url: 'https://example.org/' }] } },
	]));
	aftermine('import', demo, records, '--publish');
	aftermine('measure', demo, 'a-quarry', '--bands', 'blue=B02,red=B04,nir=B08,quality=SCL', '--quality', 'scl', '--stack', ...images('mine-s2-india', /_(B02|B04|B08|SCL)\.tif$/));
	aftermine('measure', demo, 'a-burnt-forest', '--index', 'NBR', '--stack', ...images('landsat-bap-bc', /^\d{4}\.tif$/), ...images('landsat-bap-bc-more-years', /^\d{4}\.tif$/));
	for (const [path, says, pictures] of [['/sites/a-quarry', 'too few years to tell', 2], ['/sites/a-burnt-forest', 'improved', 4], ['/pledges/a-forest-back', '1 of 1 site is measured', 2]]) {
		const page = await open(path);
		check((await page.locator('main').textContent()).includes(says), `${path} does not say: ${says}`);
		check(!(await page.locator('main').textContent()).includes('redrawn'), `${path} says that the boundary was redrawn`);
		equal(await page.locator('.pictures img').count(), pictures, `pictures of ${path}`);
		for (const picture of await page.locator('.pictures img').all()) {
			await picture.scrollIntoViewIfNeeded();
			await picture.evaluate(img => img.decode());
			check(await picture.evaluate(img => img.naturalWidth > 100 && img.alt.length > 5), `a picture of ${path} is too small, or has no words`);
		}
		equal(page.faults.join(), '', 'errors');
	}
	const page = await open('/pledges/a-forest-back');
	equal(await page.locator('.tally-bar .bar-measured').count(), 1, 'measured bars of the gap bar');
	check(await page.locator('.bar-whisker').count() >= 3, 'the measured bar has no whisker');
	const chart = page.locator('img[src*="chart=balance"]');
	await chart.scrollIntoViewIfNeeded();
	await chart.evaluate(img => img.decode());
	check(/ha improved, .*\sha degraded by 2023/.test(await chart.getAttribute('alt')), await chart.getAttribute('alt'));
});

test('a proof is checked in the browser, from the record\u2019s history or from files, without sending anything', async ({ open }) => {
	const page = await open('/cases/giant-mine-arsenic');
	await page.locator('.history a', { hasText: 'Check here' }).first().click();
	await page.waitForURL(/log\/verify\?of=case\/giant-mine-arsenic\/1/);
	const verdict = page.locator('[data-verify-result]');
	await page.locator('[data-verify-result][data-verdict="holds"]').waitFor();
	check(/entry [\d,]+ of the log/.test(await verdict.textContent()), await verdict.textContent());
	equal(await page.locator('.proof-steps li[data-holds="true"]').count(), 5, 'steps that hold');
	const proof = await page.locator('[name=proof]').inputValue(), record = await page.locator('[name=record]').inputValue(), key = await page.locator('[name=key]').inputValue();
	await page.goto('/log/verify');
	await page.locator('.proof:not([hidden])').waitFor();
	const sent = [];
	page.on('request', request => sent.push(request.url()));
	const file = (name, text) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
	await page.locator('#proof-file').setInputFiles(file('x.tlog-proof', proof));
	await page.locator('#record-file').setInputFiles(file('x.json', record));
	await page.waitForFunction(() => document.querySelector('[name=record]').value);
	await page.locator('.proof button').click();
	await page.locator('[data-verify-result][data-verdict="holds"]').waitFor();
	equal(sent.join(), '', 'requests');
	equal(page.faults.join(), '', 'errors');
});

test('a tampered proof, record or key is refused with the step that does not hold', async ({ open, address }) => {
	const page = await open('/log/verify?of=case/giant-mine-arsenic/1');
	await page.locator('[data-verify-result][data-verdict="holds"]').waitFor();
	const whole = {};
	for (const name of ['proof', 'record', 'key'])
		whole[name] = await page.locator(`[name=${name}]`).inputValue();
	const lines = whole.proof.split('\n'), other = await (await page.request.get(`${address}/log/proof/case/sudbury-regreening/1`)).text();
	const change = (text, at) => text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
	const line = (n, to) => lines.map((old, i) => i === n ? to(old) : old).join('\n'), last = lines.length - 2, root = lines.indexOf('') + 3;
	const tampered = [
		[{ record: whole.record.replace('1999', '1998') }, 'do not lead'],
		[{ record: `${whole.record} ` .replace('{', '{ ') }, 'do not lead'],
		[{ proof: other }, 'do not lead'],
		[{ proof: line(1, old => old.replace(/\d$/, digit => (digit + 1) % 10)) }, 'do not lead'],
		[{ proof: line(3, old => change(old, 5)) }, 'do not lead'],
		[{ proof: line(root, old => change(old, 7)) }, 'do not lead'],
		[{ proof: line(root - 1, old => `${old}0`) }, 'do not lead'],
		[{ proof: line(root - 2, old => `${old}x`) }, 'another log'],
		[{ proof: line(last, old => change(old, old.length - 30)) }, 'not signed'],
		[{ proof: line(0, () => 'c2sp.org/tlog-proof@v2') }, 'line 1'],
		[{ proof: line(2, old => old.slice(1)) }, 'line 3'],
		[{ proof: lines.slice(0, 4).join('\n') }, 'not a proof'],
		[{ key: change(whole.key, whole.key.length - 4) }, 'not a key'],
		[{ key: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW' }, 'another log'],
		[{ key: '' }, 'all needed'],
	];
	for (const [instead, says] of tampered) {
		for (const name of ['proof', 'record', 'key'])
			await page.locator(`[name=${name}]`).fill(instead[name] ?? whole[name]);
		await page.locator('[data-verify-result]').evaluate(result => result.removeAttribute('data-verdict'));
		await page.locator('.proof').evaluate(form => form.requestSubmit());
		await page.locator('[data-verify-result][data-verdict]').waitFor();
		const told = await page.locator('[data-verify-result]').textContent();
		equal(await page.locator('[data-verify-result]').getAttribute('data-verdict'), 'false', `${JSON.stringify(instead).slice(0, 80)}: ${told}`);
		check(told.includes(says), `${says}: ${told}`);
	}
	equal(page.faults.join(), '', 'errors');
});

test('a browser without the log\u2019s kind of signature says so and does not claim that the proof holds', async ({ open }) => {
	const page = await open('/log/verify');
	await page.addInitScript(() => crypto.subtle.importKey = () => Promise.reject(new DOMException('no', 'NotSupportedError')));
	await page.goto('/log/verify?of=case/giant-mine-arsenic/1');
	await page.locator('[data-verify-result][data-verdict="unsigned"]').waitFor();
	check((await page.locator('.proof-verdict').textContent()).includes('cannot check signatures'), 'words');
	equal(await page.locator('.proof-steps li[data-holds="true"]').count(), 4, 'steps that hold');
});

test('on paper a record carries the code and the address that lead to its check', async ({ open }) => {
	const page = await open('/cases/giant-mine-arsenic');
	equal(await page.locator('.on-paper').isVisible(), false, 'on the screen');
	await page.emulateMedia({ media: 'print' });
	await page.locator('.on-paper img').scrollIntoViewIfNeeded();
	await page.waitForFunction(() => document.querySelector('.on-paper img').naturalWidth > 100);
	check((await page.locator('.on-paper .address').textContent()).endsWith('/log/verify?of=case/giant-mine-arsenic/1'), 'address');
});

await run();
