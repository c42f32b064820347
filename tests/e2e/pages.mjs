// What every page family keeps, in light and dark, wide and narrow.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { families } from './families.mjs';
import { check, equal, run, test } from './harness.mjs';

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const vnu = require.resolve('vnu-jar/build/dist/vnu.jar');
const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

// In the dark only colours differ.
async function violations(page, colorScheme) {
	if (!await page.evaluate(() => 'axe' in globalThis))
		await page.evaluate(axe);
	const runOnly = colorScheme === 'dark' ? { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }
		: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
	const result = await page.evaluate(options => globalThis.axe.run(document, options), { runOnly });
	return result.violations.map(v => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(', ')}`);
}

// Text that is hidden by its own box, and boxes that stick out of the page.
function cut() {
	const found = [];
	if (document.documentElement.scrollWidth > innerWidth)
		found.push(`the page is ${document.documentElement.scrollWidth} wide in ${innerWidth}`);
	for (const element of document.querySelectorAll('body *')) {
		const style = getComputedStyle(element), box = element.getBoundingClientRect();
		if (!box.width || !element.checkVisibility() || element.closest('.hidden, .skip, svg, picture, .plate-map, thead') || element.matches('.hidden, .skip'))
			continue;
		if (['hidden', 'clip'].includes(style.overflowX) && element.scrollWidth > element.clientWidth + 1)
			found.push(`${element.tagName}.${element.className} cuts its text`);
		if ((box.right > innerWidth + 1 || box.left < -1) && !element.closest('.table-frame'))
			found.push(`${element.tagName}.${element.className} sticks out`);
	}
	return found.slice(0, 5);
}

// Every address of this site that a page links to, and the page that does.
const linked = new Map();

for (const [name, path, status = 200] of families)
	test(`${name}: no accessibility violation, no error, nothing cut, in light and dark, wide and narrow`, async ({ open, address }) => {
		const page = await open(path);
		equal(page.answer.status(), status, path);
		for (const href of await page.locator('a[href], link[rel=canonical], link[rel=alternate]').evaluateAll(links => links.map(link => link.href)))
			if (status === 200 && href.startsWith(address))
				linked.set(href.replace(/#.*/, ''), name);
		const lost = await page.evaluate(() => [...document.querySelectorAll('a[href^="#"]')].map(a => a.getAttribute('href').slice(1)).filter(id => id && !document.getElementById(id)));
		check(!lost.length, `no place on the page for #${lost.join(', #')}`);
		for (const size of [WIDE, PHONE])
			for (const colorScheme of ['light', 'dark']) {
				await page.setViewportSize(size);
				await page.emulateMedia({ colorScheme });
				await page.evaluate(() => document.fonts.ready);
				const faults = [...await violations(page, colorScheme), ...page.faults, ...await page.evaluate(cut)];
				check(!faults.length, `${path} ${size.width} pixels wide, ${colorScheme}:\n${faults.join('\n')}`);
			}
	});

test('every page family is valid HTML', async ({ address, folder }) => {
	const files = [];
	for (const [i, [, path]] of families.entries()) {
		const file = join(folder, `${i}.html`);
		writeFileSync(file, await (await fetch(address + path, { headers: { Accept: 'text/html' } })).text());
		files.push(file);
	}
	const { stdout, error } = spawnSync('java', ['-Xss2m', '-jar', vnu, '--errors-only', '--format', 'json', '--stdout', ...files], { encoding: 'utf8', maxBuffer: 1 << 26 });
	check(!error, `java did not run: ${error}`);
	const faults = JSON.parse(stdout).messages.map(m => `${families[parseInt(m.url.match(/(\d+)\.html$/)[1])][0]}, line ${m.lastLine}: ${m.message}: ${m.extract ?? ''}`);
	check(!faults.length, faults.slice(0, 20).join('\n'));
});

test('every link of every page family leads somewhere', async () => {
	const broken = [], left = [...linked];
	check(left.length > families.length, 'hardly a link was found');
	await Promise.all(Array.from({ length: 4 }, async () => {
		for (let next; (next = left.pop());) {
			const [href, name] = next, answer = await fetch(href, { headers: { Accept: 'text/html' } });
			await answer.arrayBuffer();
			if (answer.status !== 200)
				broken.push(`${name}: ${href} answers ${answer.status}`);
		}
	}));
	check(!broken.length, broken.slice(0, 20).join('\n'));
}, { alone: true });

test('the home page tells its story in one screen and weighs less than 150 KB', async ({ open }) => {
	const page = await open('/');
	let bytes = 0;
	const session = await page.context().newCDPSession(page);
	await session.send('Network.enable');
	session.on('Network.loadingFinished', event => bytes += event.encodedDataLength);
	await page.reload({ waitUntil: 'networkidle' });
	check(bytes < 150 * 1024, `first load took ${bytes} bytes`);
	for (const selector of ['h1', '.tally-row:last-child', '.opening-search input', '.plate-map']) {
		const box = await page.locator(selector).first().boundingBox();
		check(box && box.y < 720, `${selector} stands below the first screen`);
	}
});

await run({ lanes: 2 });
