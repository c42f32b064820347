// Proofs of the log, checked with the browser's own cryptography. Nothing here fetches or sends; verify.js is what people see.
// Sources: C2SP tlog-proof, tlog-checkpoint, signed-note; RFC 9162 section 2.1.3.2 (inclusion).

const encoder = new TextEncoder();
const HASH = 32;
const ENTRY_BYTES = 65535; // longer revisions stand in the log by their hash

export class ProofError extends Error {
	constructor(word, details = {}) {
		super(word);
		this.word = word;
		this.details = details;
	}
}

function bytesOf(base64) {
	if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 !== 0)
		return null;
	const text = atob(base64);
	// One text for the same bytes: spare bits at the end are zero.
	return btoa(text) === base64 ? Uint8Array.from(text, c => c.charCodeAt(0)) : null;
}

function number(text) {
	const value = /^(0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : NaN;
	return Number.isSafeInteger(value) ? value : null;
}

function join(...parts) {
	const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		out.set(part, at);
		at += part.length;
	}
	return out;
}

const sha256 = async bytes => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
const node = (left, right) => sha256(join([1], left, right));
const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
const hex = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');

// { index, path, note }: the lines before the first empty one, and the signed checkpoint behind it.
export function parseProof(text) {
	const gap = text.indexOf('\n\n');
	const lines = (gap < 0 ? text : text.slice(0, gap)).split('\n');
	const wrong = (line, what) => new ProofError('not-form', { line: line + 1, what });
	let at = 0;
	if (lines[at] !== 'c2sp.org/tlog-proof@v1')
		throw wrong(at, 'c2sp.org/tlog-proof@v1');
	at++;
	if (lines[at]?.startsWith('extra ')) {
		if (!bytesOf(lines[at].slice(6)))
			throw wrong(at, 'extra + base64');
		at++;
	}
	const index = lines[at]?.startsWith('index ') ? number(lines[at].slice(6)) : null;
	if (index === null)
		throw wrong(at, 'index + number');
	const path = lines.slice(at + 1).map((line, i) => {
		const hash = bytesOf(line);
		if (hash?.length !== HASH)
			throw wrong(at + 1 + i, 'a hash in base64');
		return hash;
	});
	if (gap < 0 || path.length > 63)
		throw wrong(lines.length, 'an empty line and a checkpoint');
	return { index, path, note: text.slice(gap + 2), line: lines.length + 1 };
}

// { origin, size, root, text, signatures }.
export function parseCheckpoint(note, firstLine = 1) {
	const wrong = (line, what) => new ProofError('not-form', { line: firstLine + line, what });
	const gap = note.lastIndexOf('\n\n');
	if (gap < 0 || !note.endsWith('\n'))
		throw wrong(0, 'a signed checkpoint');
	const text = note.slice(0, gap + 1);
	const [origin, size, root] = text.split('\n');
	const count = number(size ?? ''), hash = bytesOf(root ?? '');
	if (!origin || count === null)
		throw wrong(1, 'a number of entries');
	if (hash?.length !== HASH)
		throw wrong(2, 'a hash in base64');
	const signatures = note.slice(gap + 2, -1).split('\n').map((line, i) => {
		const [, name, bytes] = /^\u2014 ([^ +]+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? [];
		const decoded = bytes && bytesOf(bytes);
		if (!decoded || decoded.length < 5)
			throw wrong(text.split('\n').length + i, 'a signature');
		return { name, id: decoded.slice(0, 4), signature: decoded.slice(4) };
	});
	return { origin, size: count, root: hash, text, signatures };
}

// { name, id, bytes } of "name+id+base64"; the id must follow from name and bytes.
export async function parseKey(text) {
	const [, name, id, base64] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim()) ?? [];
	const bytes = base64 && bytesOf(base64);
	if (!bytes || bytes.length !== 33 || bytes[0] !== 1)
		throw new ProofError('not-key');
	const should = (await sha256(join(encoder.encode(`${name}\n`), bytes))).slice(0, 4);
	if (hex(should) !== id)
		throw new ProofError('not-key');
	return { name, id: should, bytes: bytes.slice(1) };
}

export async function inclusionHolds(leaf, index, size, path, root) {
	if (index >= size)
		return false;
	let at = BigInt(index), last = BigInt(size) - 1n, hash = leaf;
	for (const beside of path) {
		if (last === 0n)
			return false;
		if (at & 1n || at === last) {
			hash = await node(beside, hash);
			while (!(at & 1n) && at !== 0n) {
				at >>= 1n;
				last >>= 1n;
			}
		} else {
			hash = await node(hash, beside);
		}
		at >>= 1n;
		last >>= 1n;
	}
	return last === 0n && same(hash, root);
}

// What the log holds of a revision.
export async function entryOf(record) {
	return record.length <= ENTRY_BYTES ? record : encoder.encode(`sha256:${hex(await sha256(record))}`);
}

// true, false, or null where the browser does not know Ed25519.
export async function signatureHolds(checkpoint, key) {
	let imported;
	try {
		imported = await crypto.subtle.importKey('raw', key.bytes, { name: 'Ed25519' }, false, ['verify']);
	} catch {
		return null;
	}
	const text = encoder.encode(checkpoint.text);
	for (const one of checkpoint.signatures)
		if (one.name === key.name && same(one.id, key.id))
			return crypto.subtle.verify({ name: 'Ed25519' }, imported, one.signature, text);
	return false;
}

// Every step in turn until one does not hold: { steps: [{ word, holds }], verdict: 'holds' | 'false' | 'unsigned', proof, checkpoint }. holds is null for
// what this browser cannot say.
export async function check(proofText, record, keyText) {
	const steps = [];
	const step = (word, holds) => {
		steps.push({ word: holds === false ? `not-${word}` : word, holds });
		return holds !== false;
	};
	let proof, checkpoint, key;
	try {
		proof = parseProof(proofText);
		checkpoint = parseCheckpoint(proof.note, proof.line);
		step('form', true);
		key = await parseKey(keyText);
		step('key', true);
	} catch (error) {
		if (!(error instanceof ProofError))
			throw error;
		return { steps: [...steps, { word: error.word, details: error.details, holds: false }], verdict: 'false' };
	}
	const leaf = await sha256(join([0], await entryOf(record)));
	if (!step('origin', checkpoint.origin === key.name) || !step('path', await inclusionHolds(leaf, proof.index, checkpoint.size, proof.path, checkpoint.root)))
		return { steps, verdict: 'false' };
	const signed = await signatureHolds(checkpoint, key);
	step('signature', signed);
	return { steps, verdict: signed === null ? 'unsigned' : signed ? 'holds' : 'false', proof, checkpoint };
}
