// What every page can do with scripts. Each page works without: links and forms lead to the same places.

document.documentElement.classList.add('js');
const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

// "/" goes to the search box, as long as nobody is typing.
document.addEventListener('keydown', event => {
	if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, select, textarea, [contenteditable]'))
		return;
	const box = $('main [data-search]') ?? $('[data-search]');
	if (box) {
		event.preventDefault();
		box.focus();
		box.select();
	}
});

// Escape shuts what was opened around the focus: menu, filters, an explanation. What cannot be opened again stays.
document.addEventListener('keydown', event => {
	if (event.key !== 'Escape' || event.defaultPrevented || event.target.matches('input[type="search"]'))
		return;
	const open = event.target.closest('details[open]');
	const summary = open && $(':scope > summary', open);
	if (summary?.checkVisibility()) {
		open.open = false;
		summary.focus();
	}
});

// The map is loaded when it is in view and the reader does something: a page that is only read never pays for it.
function wakeMaps() {
	const maps = $$('[data-map]:not([data-awake])');
	if (!maps.length)
		return;
	const observer = new IntersectionObserver(async entries => {
		for (const entry of entries.filter(e => e.isIntersecting)) {
			observer.unobserve(entry.target);
			entry.target.dataset.awake = '';
			const { drawMap } = await import('/static/map.js');
			drawMap(entry.target);
		}
	}, { rootMargin: '120px' });
	maps.forEach(map => observer.observe(map));
}
const signs = ['pointermove', 'pointerdown', 'touchstart', 'keydown', 'wheel', 'scroll'];
function firstSign() {
	signs.forEach(sign => removeEventListener(sign, firstSign, true));
	document.documentElement.dataset.live = '';
	wakeMaps();
}
signs.forEach(sign => addEventListener(sign, firstSign, { capture: true, passive: true }));

if ($('[data-results]'))
	import('/static/results.js').then(({ liveResults }) => liveResults(() => 'live' in document.documentElement.dataset && wakeMaps()));

// On paper an address stands as a footnote.
function footnotes() {
	const main = $('#main');
	$('.footnotes', main)?.remove();
	$$('.footnote-mark', main).forEach(mark => mark.remove());
	const addresses = [];
	for (const link of $$('a[href^="http"]', main)) {
		if (link.closest('.sources') || link.textContent.trim() === link.href)
			continue;
		let at = addresses.indexOf(link.href);
		if (at < 0)
			at = addresses.push(link.href) - 1;
		const mark = document.createElement('sup');
		mark.className = 'footnote-mark';
		mark.textContent = at + 1;
		link.after(mark);
	}
	if (!addresses.length)
		return;
	const list = document.createElement('ol');
	list.className = 'footnotes wrap';
	list.append(...addresses.map(address => Object.assign(document.createElement('li'), { textContent: address })));
	main.append(list);
}
addEventListener('beforeprint', footnotes);
addEventListener('afterprint', () => $$('.footnotes, .footnote-mark').forEach(e => e.remove()));
matchMedia('print').addEventListener('change', event => event.matches && footnotes());

// A proof is checked by a module of its own.
const verifier = $('[data-verify]');
if (verifier)
	import('/static/verify.js').then(({ begin }) => begin(verifier));
