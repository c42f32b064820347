// A demo instance of its own on a free port, a real browser, and TAP on standard output.
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const build = process.env.AFTERMINE_BUILD;
const program = join(build ?? '', 'src', 'cli', 'aftermine');

const cases = [];

// What a test promises, and how it looks: an alone one runs when all the others have ended.
export function test(says, run, { alone = false } = {}) {
	cases.push({ says, run, alone });
}

export function equal(got, wanted, what) {
	if (got !== wanted)
		throw new Error(`${what}: got ${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`);
}

export function check(holds, what) {
	if (!holds)
		throw new Error(what);
}

// What a program says; fails with its complaint.
const told = file => (...given) => {
	const { status, stdout, stderr, error } = spawnSync(file, given, { encoding: 'utf8', maxBuffer: 1 << 26 });
	if (status !== 0)
		throw new Error(`${file} ${given[0]}: ${error?.message ?? stderr + stdout}`);
	return stdout;
};
const aftermine = told(program), ldn = told(join(build ?? '', 'ldn', 'ldn'));

function freePort() {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.on('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const { port } = server.address();
			server.close(() => resolve(port));
		});
	});
}

async function startSite(folder) {
	aftermine('init', join(folder, 'demo'), '--demo');
	// Land that is mapped, measured and reviewed, made up: the demo's own comes with other people's data.
	aftermine('import', join(folder, 'demo'), fileURLToPath(new URL('land.json', import.meta.url)), '--publish');
	// The pseudo-languages stand for the six that are to come.
	appendFileSync(join(folder, 'demo', 'settings.ini'), '\n[site]\npseudo-languages = true\n');
	const port = await freePort();
	const server = spawn(program, ['serve', join(folder, 'demo'), '--listen', `127.0.0.1:${port}`], { stdio: ['ignore', 'ignore', 'inherit'] });
	const address = `http://127.0.0.1:${port}`;
	for (let i = 0; i < 200; i++) {
		try {
			if ((await fetch(`${address}/health`)).ok)
				return { server, address };
		} catch {
			// not up yet
		}
		await new Promise(resolve => setTimeout(resolve, 50));
	}
	server.kill();
	throw new Error('the server did not answer within ten seconds');
}

// Runs the cases, that many at once.
export async function run({ lanes = 1 } = {}) {
	const chrome = process.env.CHROMIUM ?? '/usr/bin/chromium';
	if (!existsSync(chrome)) {
		console.log(`1..0 # SKIP no Chromium at ${chrome}`);
		return;
	}
	const folder = mkdtempSync(join(tmpdir(), 'aftermine-e2e-'));
	let site, browser, failed = 0;
	try {
		site = await startSite(folder);
		browser = await chromium.launch({
			executablePath: chrome,
			args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync',
				'--enable-unsafe-swiftshader'],
		});
		console.log(`1..${cases.length}`);
		let n = 0;
		const one = async ({ says, run }) => {
			const opened = [];
			const open = async (path, options = {}) => {
				const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', baseURL: site.address, ...options });
				opened.push(context);
				const page = await context.newPage();
				page.faults = [];
				page.on('pageerror', error => page.faults.push(error.message));
				page.on('console', message => message.type() === 'error' && !/status of 40[04]/.test(message.text()) && page.faults.push(message.text()));
				page.answer = await page.goto(path, { waitUntil: 'load' });
				return page;
			};
			try {
				await run({ open, address: site.address, folder, aftermine, ldn });
				console.log(`ok ${++n} - ${says}`);
			} catch (error) {
				failed++;
				console.log(`not ok ${++n} - ${says}\n${error.stack.replace(/^/gm, '# ')}`);
			}
			await Promise.all(opened.map(context => context.close()));
		};
		const lane = async left => {
			while (left.length)
				await one(left.shift());
		};
		const together = cases.filter(({ alone }) => !alone);
		await Promise.all(Array.from({ length: lanes }, () => lane(together)));
		await lane(cases.filter(({ alone }) => alone));
	} catch (error) {
		console.log(`Bail out! ${error.message}`);
		failed++;
	} finally {
		await browser?.close();
		site?.server.kill('SIGTERM');
		rmSync(folder, { recursive: true, force: true });
	}
	process.exitCode = failed ? 1 : 0;
}
