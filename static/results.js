// Live lists: a filter, an order, a page or a typed word fetches the same page and swaps its results; the address and the back button
// stay true. Chosen cases for a comparison stay chosen.

const MOST = 4;
const PAUSE = 250; // milliseconds of rest before a typed word is looked up

export function liveResults(afterSwap) {
	const form = document.querySelector('form[data-live]');
	const chosen = new Set();
	let running = null;

	function results() {
		return document.querySelector('[data-results]');
	}

	function openParts() {
		return new Set([...results().querySelectorAll('details[open]')].map(nameOf));
	}

	function nameOf(details) {
		const facet = details.closest('[data-facet]');
		return `${facet ? facet.dataset.facet : ''} ${details.className}`;
	}

	function swap(text) {
		const next = new DOMParser().parseFromString(text, 'text/html');
		const fresh = next.querySelector('[data-results]');
		if (!fresh)
			return false;
		const open = openParts();
		const closed = new Set([...results().querySelectorAll('details:not([open])')].map(nameOf));
		const focused = results().contains(document.activeElement) ? document.activeElement : null;
		const label = focused && (focused.id ? `#${CSS.escape(focused.id)}` : focused.textContent.trim().replace(/[\d\s.,]+$/, ''));
		for (const details of fresh.querySelectorAll('details')) {
			if (open.has(nameOf(details)))
				details.open = true;
			else if (closed.has(nameOf(details)))
				details.open = false;
		}
		results().querySelectorAll('[data-map]').forEach(frame => frame.atlas?.remove());
		results().replaceWith(document.adoptNode(fresh));
		document.title = next.title;
		const nextForm = next.querySelector('form[data-live]');
		if (form && nextForm) {
			form.querySelectorAll('input[type=hidden]').forEach(input => input.remove());
			form.append(...[...nextForm.querySelectorAll('input[type=hidden]')].map(input => document.adoptNode(input)));
			const box = form.querySelector('[data-search]');
			if (document.activeElement !== box)
				box.value = nextForm.querySelector('[data-search]').value;
		}
		if (label) {
			const same = label.startsWith('#') ? results().querySelector(label)
				: [...results().querySelectorAll('a, summary, button')].find(e => e.textContent.trim().replace(/[\d\s.,]+$/, '') === label);
			(same ?? results().querySelector('.browse-count'))?.focus({ preventScroll: true });
		}
		const said = document.querySelector('[data-said]');
		if (said)
			said.textContent = results().querySelector('.browse-count')?.textContent ?? '';
		showChosen();
		afterSwap();
		return true;
	}

	async function go(address, { push = true, top = false } = {}) {
		running?.abort();
		running = new AbortController();
		results().setAttribute('aria-busy', 'true');
		try {
			const answer = await fetch(address, { signal: running.signal, headers: { Accept: 'text/html' } });
			if (!answer.ok || !swap(await answer.text()))
				throw new Error(answer.statusText);
			if (push)
				history.pushState({ live: true }, '', address);
			if (top)
				results().scrollIntoView({ block: 'start' });
		} catch (error) {
			if (error.name !== 'AbortError')
				location.assign(address);
		}
	}

	function addressOf(f) {
		const query = new URLSearchParams();
		for (const [name, value] of new FormData(f))
			if (value !== '')
				query.append(name, value);
		const text = query.toString();
		return new URL(f.action).pathname + (text ? `?${text}` : '');
	}

	document.addEventListener('click', event => {
		const link = event.target.closest('[data-results] [data-swap] a');
		if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
			return;
		event.preventDefault();
		go(link.getAttribute('href'), { top: !!link.closest('.paging') });
	});
	document.addEventListener('submit', event => {
		if (event.target.matches('[data-live], [data-sort]')) {
			event.preventDefault();
			go(addressOf(event.target));
		}
	});
	document.addEventListener('change', event => {
		if (event.target.matches('[data-sort] select'))
			go(addressOf(event.target.form));
		if (event.target.matches('.row-compare input')) {
			if (event.target.checked)
				chosen.add(event.target.value);
			else
				chosen.delete(event.target.value);
			showChosen();
		}
	});
	let timer;
	form?.addEventListener('input', () => {
		clearTimeout(timer);
		timer = setTimeout(() => go(addressOf(form)), PAUSE);
	});
	addEventListener('popstate', () => go(location.pathname + location.search, { push: false }));

	// Cases ticked on other pages of the list travel as hidden inputs of the same form.
	function showChosen() {
		const bar = document.querySelector('#compare');
		if (!bar)
			return;
		const boxes = [...document.querySelectorAll('.row-compare input')];
		for (const box of boxes) {
			box.checked = chosen.has(box.value);
			box.disabled = !box.checked && chosen.size >= MOST;
		}
		bar.querySelectorAll('input').forEach(input => input.remove());
		const here = new Set(boxes.map(box => box.value));
		for (const id of chosen)
			if (!here.has(id))
				bar.append(Object.assign(document.createElement('input'), { type: 'hidden', name: 'id', value: id }));
		const hint = bar.querySelector('[data-compare-hint]');
		hint.dataset.none ??= hint.textContent;
		hint.textContent = chosen.size ? (hint.dataset.chosen ?? '{n}').replace('{n}', new Intl.NumberFormat(document.documentElement.lang).format(chosen.size)) : hint.dataset.none;
		bar.classList.toggle('compare-ready', chosen.size >= 2);
	}
	document.querySelectorAll('.row-compare input:checked').forEach(box => chosen.add(box.value));
	showChosen();
}
