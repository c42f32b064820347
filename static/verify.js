// The page that checks a proof: fields, files, and what was found. The checking itself is proof.js.
import { check } from '/static/proof.js';

function words(form) {
	const list = document.querySelector('[data-verify-words]');
	return (word, details = {}) => {
		const text = list.querySelector(`[data-word="${word}"]`)?.textContent ?? word;
		return text.replace(/\{(\w+)\}/g, (whole, name) => details[name] ?? whole);
	};
}

function element(name, className, text) {
	const made = document.createElement(name);
	if (className)
		made.className = className;
	made.textContent = text;
	return made;
}

function show(result, verdict, sentence, steps = [], more = '') {
	result.replaceChildren(element('p', 'proof-verdict', sentence));
	result.dataset.verdict = verdict;
	if (more)
		result.append(element('p', 'small', more));
	result.scrollIntoView({ block: 'nearest' });
	if (!steps.length)
		return;
	const list = element('ol', 'proof-steps', '');
	for (const { text, holds } of steps) {
		const item = element('li', '', text);
		item.dataset.holds = String(holds);
		list.append(item);
	}
	result.append(list);
}

// What the record says of itself, once it is known to be what was published.
function saysOf(record, say) {
	try {
		const { kind, id, revision, state, time, author } = JSON.parse(new TextDecoder().decode(record));
		return `${say('record-says')} ${[`${kind}/${id}/${revision}`, state, time, author].join(', ')}`;
	} catch {
		return '';
	}
}

export function begin(form) {
	const result = document.querySelector('[data-verify-result]'), say = words(form), numbers = new Intl.NumberFormat(document.documentElement.lang);
	const fields = form.elements;
	let record = null; // the bytes of a file, which a text field might not keep as they are

	async function run() {
		const text = fields.record.value.replace(/\s+$/, '');
		const bytes = record ?? new TextEncoder().encode(text);
		if (!fields.proof.value.trim() || !bytes.length || !fields.key.value.trim())
			return show(result, 'false', say('empty'));
		if (!globalThis.crypto?.subtle)
			return show(result, 'unsigned', say('no-crypto'));
		const found = await check(fields.proof.value.trimStart(), bytes, fields.key.value.trim());
		const details = found.checkpoint ? { index: numbers.format(found.proof.index), size: numbers.format(found.checkpoint.size), origin: found.checkpoint.origin } : {};
		const steps = found.steps.map(({ word, holds, details: of }) => ({ text: say(holds === null ? 'unsigned' : word, of), holds }));
		show(result, found.verdict, say(found.verdict, details), steps, found.verdict === 'false' ? '' : saysOf(bytes, say));
	}

	async function take(input) {
		const file = input.files[0];
		if (!file)
			return;
		const bytes = new Uint8Array(await file.arrayBuffer());
		fields[input.dataset.file].value = new TextDecoder().decode(bytes);
		if (input.dataset.file === 'record')
			record = bytes;
	}

	fields.record.addEventListener('input', () => record = null);
	form.querySelectorAll('[data-file]').forEach(input => input.addEventListener('change', () => take(input)));
	form.addEventListener('submit', event => {
		event.preventDefault();
		run();
	});
	form.hidden = false;
	if (form.dataset.proof)
		fetchBoth(form.dataset.proof, form.dataset.record)
			.then(([proof, bytes]) => {
				fields.proof.value = proof;
				fields.record.value = new TextDecoder().decode(bytes);
				record = bytes;
				return run();
			})
			.catch(() => show(result, 'unsigned', say('fetch')));
}

// From this site, as the address asked.
async function fetchBoth(proof, record) {
	const [one, other] = await Promise.all([fetch(proof), fetch(record)]);
	if (!one.ok || !other.ok)
		throw new Error('not there');
	return [await one.text(), new Uint8Array(await other.arrayBuffer())];
}
