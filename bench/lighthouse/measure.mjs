// Lighthouse on the home page and a case, as a phone and as a desktop. usage: node measure.mjs BASE-ADDRESS
import * as launcher from 'chrome-launcher';
import lighthouse from 'lighthouse';

const GOAL = 95;
const base = process.argv[2];
const desktop = {
	extends: 'lighthouse:default',
	settings: {
		formFactor: 'desktop',
		screenEmulation: { mobile: false, width: 1350, height: 940, deviceScaleFactor: 1, disabled: false },
		throttling: { rttMs: 40, throughputKbps: 10240, cpuSlowdownMultiplier: 1 },
	},
};
const chrome = await launcher.launch({
	chromePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
	chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking',
		'--disable-component-update', '--disable-sync', '--no-first-run'],
});

// A page that painted nothing in time on a busy machine has no score at all; that is not a low score.
async function scores(path, configuration) {
	for (let attempt = 0; attempt < 3; attempt++) {
		const { lhr } = await lighthouse(base + path, { port: chrome.port, output: 'json', logLevel: 'silent' }, configuration);
		const list = Object.values(lhr.categories);
		if (list.every(({ score }) => score !== null))
			return list.map(({ title, score }) => ({ title, score: Math.round(score * 100) }));
	}
	throw new Error(`Lighthouse could not judge ${path} in three attempts; try again on a calmer machine`);
}

let low = false;
for (const path of ['/', '/cases/giant-mine-arsenic']) {
	for (const [form, configuration] of [['phone', undefined], ['desktop', desktop]]) {
		const list = await scores(path, configuration);
		const kept = list.every(({ score }) => score >= GOAL);
		low ||= !kept;
		console.log([`Lighthouse, ${path}, ${form}`, list.map(({ title, score }) => `${title} ${score}`).join(', '), `>= ${GOAL}`, kept ? 'kept' : 'MISSED'].join('\t'));
	}
}
await chrome.kill();
process.exit(low ? 1 : 0);
