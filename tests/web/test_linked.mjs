// JSON-LD of every page family: expanded by another's processor without loss, every type and property one of schema.org, every value of a type the
// property may have. Speaks TAP. usage: node test_linked.mjs SOURCE-ROOT HISTORY-SITE
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const [root, program] = process.argv.slice(2);
if (!existsSync(join(root, 'node_modules', 'jsonld')) || !existsSync(join(root, 'node_modules', 'schema-dts'))) {
	console.log('1..0 # SKIP node_modules is missing; "npm ci" (make does it) brings jsonld and schema-dts');
	process.exit(0);
}
const jsonld = createRequire(join(root, 'package.json'))('jsonld');

// ---- schema.org, as its types are written down for TypeScript ----

const text = readFileSync(join(root, 'node_modules/schema-dts/dist/schema.d.ts'), 'utf8');
const parents = {}, properties = {};
for (const [, name, extended, body] of text.matchAll(/interface (\w+)Base extends ([^{]+)\{([\s\S]*?)\n\}/g)) {
	parents[name] = extended.split(',').map(one => one.trim().replace(/Base$/, '')).filter(one => /^\w+$/.test(one));
	properties[name] = new Map();
	for (const [, comment, property, range] of body.matchAll(/(\/\*\*(?:[^*]|\*(?!\/))*\*\/)?\s*"([^"]+)"\?: SchemaValue<([^,]+),/g))
		if (!/@deprecated/.test(comment ?? '')) properties[name].set(property, range.split('|').map(one => one.trim()));
}
for (const [, leaf, base] of text.matchAll(/interface (\w+)Leaf extends (\w+)Base/g)) parents[leaf] ??= leaf === base ? [] : [base];
const lineage = type => [type, ...(parents[type] ?? []).flatMap(lineage)];
const property = (type, name) => lineage(type).map(one => properties[one]?.get(name)).find(Boolean);
const LITERALS = { string: ['Text', 'URL', 'DateTime', 'Date', 'string'], number: ['Number', 'Integer', 'Float'], boolean: ['Boolean', 'boolean'] };

function wrong(node, path, faults) {
	if (!parents[node['@type']]) faults.push(`${path}: no type ${node['@type']}`);
	for (const [name, value] of Object.entries(node)) {
		if (name.startsWith('@')) continue;
		const range = name === 'query-input' ? ['Text'] : property(node['@type'], name);
		if (!range) faults.push(`${path}: ${node['@type']} has no ${name}`);
		else for (const one of [value].flat()) {
			const fits = typeof one === 'object' ? lineage(one['@type']).some(type => range.includes(type)) : LITERALS[typeof one].some(type => range.includes(type));
			if (!fits) faults.push(`${path}: ${node['@type']}.${name} cannot be ${JSON.stringify(one).slice(0, 80)}; it may be ${range.join(', ')}`);
			if (typeof one === 'object') wrong(one, `${path}.${name}`, faults);
		}
	}
	return faults;
}

// ---- the processor: only a context of our own, no network ----

const context = { '@context': { '@vocab': 'https://schema.org/', url: { '@type': '@id' }, license: { '@type': '@id' }, contentUrl: { '@type': '@id' } } };
const documentLoader = async url => {
	if (url !== 'https://schema.org') throw new Error(`asks the network for ${url}`);
	return { contextUrl: null, documentUrl: url, document: context };
};
// Everything that is said, as sorted paths and values, so that nothing lost and nothing added goes unseen.
function said(value, path = '') {
	if (Array.isArray(value)) return value.flatMap(one => said(one, path));
	if (value === null || typeof value !== 'object') return [`${path} ${JSON.stringify(value)}`];
	if ('@value' in value) return [`${path} ${JSON.stringify(value['@value'])}`];
	const inner = Object.entries(value).filter(([name]) => name !== '@context').flatMap(([name, one]) => said(one, `${path}/${name.replace('https://schema.org/', '')}`));
	return inner;
}
const plain = line => line.replace(/\/(url|license|contentUrl)\/@id /, '/$1 ').replace('"https://schema.org/', '"');

let number = 0, failed = 0;
function report(sentence, details) {
	console.log(`${details.length ? 'not ok' : 'ok'} ${++number} - ${sentence}`);
	details.slice(0, 30).forEach(line => console.log(`# ${line}`));
	failed += details.length > 0;
}

const server = spawn(program, [join(root, 'tests/web/history.json'), join(root, 'tests/record/samples.json')], { stdio: ['pipe', 'pipe', 'inherit'] });
const address = (await createInterface({ input: server.stdout })[Symbol.asyncIterator]().next()).value;
const pages = {
	'/': 'WebSite', '/data': 'DataCatalog', '/countries/MNG': 'Country', '/organisations/aardvark': 'Organization', '/cases/wet-pit': 'Report', '/practices/liming': 'DefinedTerm',
	'/sites/alex-pit': 'Place', '/pledges/green-hill': 'CreativeWork', '/progress/year-one': 'Report', '/measurements/alex-2025': 'Dataset', '/reviews/doubt': 'Review',
	'/targets/hectares': 'CreativeWork', '/policies/bond': 'Legislation', '/finance/fund': 'Service', '/projects/reforest': 'Project', '/projects/bare': 'Project', '/offers/seed': 'Service',
	'/meetings/first': 'Event', '/forum/land-positive': 'Event', '/editions/first-edition': 'PublicationIssue', '/cases': undefined, '/search?q=pit': undefined, '/en/pledges/green-hill': 'CreativeWork',
};
const found = {};
try {
	const lost = [], unknown = [], shape = [];
	for (const [page, type] of Object.entries(pages)) {
		const html = await (await fetch(address + page, { headers: { accept: 'text/html' } })).text();
		const scripts = [...html.matchAll(/<script type="application\/ld\+json">([\s\S]*?)<\/script>/g)].map(one => one[1]);
		if (scripts.length !== 1 || /[<>&]/.test(scripts[0])) { shape.push(`${page}: ${scripts.length} blocks, or one that could end early`); continue; }
		const data = found[page] = JSON.parse(scripts[0]);
		if (data.mainEntity?.['@type'] !== type) shape.push(`${page} is about ${data.mainEntity?.['@type']}, not ${type}`);
		if (data['@type'] !== 'WebPage' || data['@id'] !== data.url || !data.name || !data.inLanguage) shape.push(`${page}: the page does not say what it is`);
		const expanded = await jsonld.expand(data, { documentLoader, safe: true });
		const before = said(data).map(plain).sort(), after = said(expanded).map(plain).sort();
		before.filter(line => !after.includes(line)).forEach(line => lost.push(`${page} lost ${line}`));
		after.filter(line => !before.includes(line)).forEach(line => lost.push(`${page} made up ${line}`));
		wrong(data, page, unknown);
	}
	report('every page has one block that says what page it is and what it is about', shape);
	report("it expands in another's processor without loss", lost);
	report('every type, property and kind of value is one of schema.org', unknown);
	const pledge = found['/pledges/green-hill'].mainEntity, home = found['/'].mainEntity, set = found['/measurements/alex-2025'].mainEntity, report_ = found['/cases/wet-pit'].mainEntity;
	report('it says what the record says', [
		pledge.author['@id'] === `${address}/organisations/aardvark` && pledge.author.name === 'Aardvark' || 'the author of the pledge',
		pledge.spatialCoverage.map(one => one.identifier).join() === 'MNG,BRA' || 'the countries of the pledge',
		pledge.version === 2 && /^nih:sha-256;[0-9a-f]{64}$/.test(pledge.identifier) || 'the revision of the pledge',
		pledge['@id'] === found['/en/pledges/green-hill'].mainEntity['@id'] || 'the id in another language',
		set.variableMeasured && set.distribution.length === 2 && set.temporalCoverage === '1984/2020' || `the measurement: ${JSON.stringify(set).slice(0, 400)}`,
		report_.creativeWorkStatus === 'Withdrawn' && report_.citation.length > 0 || 'the case',
		found['/cases/wet-pit'].breadcrumb.itemListElement.map(one => one.position).join() === '1,2,3' || 'the trail',
		home.potentialAction.target.urlTemplate === `${address}/search?q={search_term}` || 'the search',
		found['/progress/year-one'].name.includes('</script>') || 'a title with markup in it',
	].filter(one => one !== true));
	const error = await (await fetch(`${address}/nothing`, { headers: { accept: 'text/html' } })).text();
	report('an error is about nothing', error.includes('ld+json') ? ['the page of an error has a block'] : []);
} finally {
	server.stdin.end();
}
console.log(`1..${number}`);
process.exitCode = failed ? 1 : 0;
