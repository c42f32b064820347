// The emitted JSON Schemas and our own validation judge alike: every shipped record, every sample, records broken by hand (broken.json) and
// every value of every sample broken in a dozen ways. Speaks TAP. usage: node test_schema.mjs SOURCE-ROOT AFTERMINE JUDGE
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [root, aftermine, judge] = process.argv.slice(2);
if (!existsSync(join(root, 'node_modules', 'ajv'))) {
	console.log('1..0 # SKIP node_modules is missing; "npm ci" (make does it) brings ajv');
	process.exit(0);
}
const require = createRequire(join(root, 'package.json'));
const Ajv = require('ajv/dist/2020').default;
const addFormats = require('ajv-formats').default;

const read = name => JSON.parse(readFileSync(join(root, name), 'utf8'));
const samples = read('tests/record/samples.json');
const broken = read('tests/record/broken.json');
const kinds = Object.keys(samples);
const ajv = new Ajv({ strict: true, strictRequired: false, strictTuples: false, strictTypes: false, validateFormats: true, keywords: ['x-rules', 'x-kind', 'x-unit'] });
addFormats(ajv);
const schemas = Object.fromEntries(kinds.map(kind => [kind, JSON.parse(execFileSync(aftermine, ['schema', kind], { maxBuffer: 1 << 26 }))]));
const validators = Object.fromEntries(kinds.map(kind => [kind, ajv.compile(schemas[kind])]));

// What only x-rules can say.
const RULES = /^(the record has no source|two sources have the number|a ring does not end|the geometry has more than)/;

function judged(records, ...flags) {
	const input = records.map(([kind, body]) => JSON.stringify({ kind, body })).join('\n') + '\n';
	const done = spawnSync(judge, flags, { input, maxBuffer: 1 << 28 });
	return done.stdout.toString().trim().split('\n').map(line => JSON.parse(line));
}

let number = 0, failed = 0;
function report(good, sentence, details = []) {
	console.log(`${good ? 'ok' : 'not ok'} ${++number} - ${sentence}`);
	details.slice(0, 20).forEach(line => console.log(`# ${line}`));
	failed += !good;
}

// RFC 6901 pointer: sets a value in a copy; undefined removes it.
function changed(body, pointer, value) {
	const copy = structuredClone(body), steps = pointer.slice(1).split('/'), last = steps.pop();
	const holder = steps.reduce((at, step) => at[step], copy);
	if (value === undefined) Array.isArray(holder) ? holder.splice(Number(last), 1) : delete holder[last];
	else holder[last] = value;
	return copy;
}

function* pointers(value, at = '') {
	if (at) yield at;
	if (value && typeof value === 'object') for (const [name, member] of Object.entries(value)) yield* pointers(member, `${at}/${name}`);
}

const shipped = kinds.flatMap(kind => {
	const file = { organisation: 'organisations', case: 'cases', practice: 'practices', pledge: 'pledges', progress: 'progress', target: 'targets', policy: 'policies', finance: 'finance', forum: 'forum' }[kind];
	return file ? read(`content/records/${file}.json`).map(record => [kind, record.body, record.id]) : [];
});
{
	const ours = judged(shipped);
	const wrong = shipped.filter(([kind, body], i) => !validators[kind](body) || ours[i].length).map(([kind, , id]) => `${kind}/${id}`);
	report(shipped.length > 800 && wrong.length === 0, `${shipped.length} shipped records are valid by ajv and by us`, wrong);
}
{
	const whole = kinds.map(kind => [kind, samples[kind]]);
	const ours = judged(whole);
	const wrong = whole.flatMap(([kind, body], i) => (validators[kind](body) ? [] : [`${kind}: ajv: ${ajv.errorsText(validators[kind].errors)}`]).concat(ours[i].map(f => `${kind}${f.pointer}: ${f.message}`)));
	report(wrong.length === 0, 'a sample of every kind is valid by ajv and by us', wrong);
}
{
	const cases = broken.map(([kind, pointer, value]) => [kind, changed(samples[kind], pointer, value), pointer, value]);
	const ours = judged(cases, '--fields-only');
	const wrong = [];
	cases.forEach(([kind, body, pointer, value], i) => {
		if (validators[kind](body)) wrong.push(`${kind}${pointer} = ${JSON.stringify(value)}: ajv finds nothing`);
		if (!ours[i].some(f => f.pointer.startsWith(pointer) || pointer.startsWith(f.pointer))) wrong.push(`${kind}${pointer} = ${JSON.stringify(value)}: we find nothing there: ${JSON.stringify(ours[i])}`);
		ours[i].forEach(f => { if (!f.message || !f.remedy) wrong.push(`${kind}${f.pointer}: no message or no remedy`); });
	});
	report(cases.length > 100 && wrong.length === 0, `${cases.length} records broken by hand are refused by ajv and by us, at the right place`, wrong);
}
{
	const values = [undefined, null, '', ' x', 'x\ny', 'nonsense', 'x'.repeat(501), 12.5, -1, 1, 2000, 1e300, true, [], {}, ['a'], { a: 1 }];
	const cases = [];
	for (const kind of kinds)
		for (const pointer of pointers(samples[kind]))
			for (const value of values) cases.push([kind, changed(samples[kind], pointer, value), pointer, value]);
	const ours = judged(cases, '--fields-only');
	const wrong = [];
	cases.forEach(([kind, body, pointer, value], i) => {
		const theirs = validators[kind](body), found = ours[i].filter(f => !RULES.test(f.message));
		if (theirs !== (found.length === 0)) wrong.push(`${kind}${pointer} = ${JSON.stringify(value)}: ajv ${theirs ? 'accepts' : ajv.errorsText(validators[kind].errors)}; we ${JSON.stringify(ours[i])}`);
	});
	report(cases.length > 5000 && wrong.length === 0, `${cases.length} records with one value changed are judged alike`, wrong);
}
{
	const said = kinds.filter(kind => !Array.isArray(schemas[kind]['x-rules']));
	report(said.length === 0, 'every schema lists the rules it cannot say', said);
}
console.log(`1..${number}`);
process.exit(failed ? 1 : 0);
