// The live map: MapLibre on our own outlines, no outside server. Places are buttons, so that a keyboard reaches them; what they say stands
// in the panel beside the map. Where it cannot run, the drawn map stays.

const LIBRARY = '/static/maplibre-gl-csp.js';
const WORKER = '/static/maplibre-gl-csp-worker.js';
const STYLE = '/static/maplibre-gl.css';

let library = null;

function load() {
	library ??= new Promise((resolve, reject) => {
		const style = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: STYLE });
		const script = Object.assign(document.createElement('script'), { src: LIBRARY });
		script.onload = () => {
			globalThis.maplibregl.setWorkerUrl(WORKER);
			resolve(globalThis.maplibregl);
		};
		script.onerror = () => reject(new Error('the map library did not load'));
		document.head.append(style, script);
	});
	return library;
}

// Links keep the day of an as-of view.
function asOf() {
	const day = new URLSearchParams(location.search).get('as-of');
	return day ? `?as-of=${encodeURIComponent(day)}` : '';
}

function canDraw() {
	const canvas = document.createElement('canvas');
	return !!(canvas.getContext('webgl2') ?? canvas.getContext('webgl'));
}

function colour(name) {
	return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function landColour(tints) {
	const land = colour('land');
	const shares = Object.entries(tints);
	if (!shares.length)
		return land;
	return ['match', ['get', 'iso3'], ...shares.flatMap(([iso3, share]) => [iso3, mix(land, colour('tint'), share)]), land];
}

function mix(from, to, share) {
	const parse = text => [1, 3, 5].map(at => parseInt(text.slice(at, at + 2), 16));
	const [a, b] = [parse(from), parse(to)];
	const at = 0.25 + 0.75 * share;
	return `rgb(${a.map((v, i) => Math.round(v + (b[i] - v) * at)).join(',')})`;
}

function styleOf(root, tints) {
	return {
		version: 8,
		sources: { land: { type: 'geojson', data: new URL(`${root}/basemap.geojson`, location).href, tolerance: 0.2 } },
		layers: [
			{ id: 'sea', type: 'background', paint: { 'background-color': colour('sea') } },
			{ id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': landColour(tints) } },
			{ id: 'borders', type: 'line', source: 'land', paint: { 'line-color': colour('sea'), 'line-width': 0.9 } },
		],
	};
}

function words({ dataset }) {
	return {
		many: dataset.many,
		locale: {
			'NavigationControl.ZoomIn': dataset.zoomIn, 'NavigationControl.ZoomOut': dataset.zoomOut, 'Map.Title': dataset.title,
			'CooperativeGesturesHandler.WindowsHelpText': dataset.wheel, 'CooperativeGesturesHandler.MacHelpText': dataset.wheel,
			'CooperativeGesturesHandler.MobileHelpText': dataset.fingers,
		},
	};
}

export async function drawMap(frame) {
	if (!canDraw())
		return;
	const maplibregl = await load();
	const { root = '', places, longitude, latitude, zoom } = frame.dataset;
	const tints = JSON.parse(frame.dataset.tint ?? '{}');
	const say = words(frame);
	const holder = document.createElement('div');
	holder.className = 'plate-live';
	frame.append(holder);
	const at = longitude === undefined ? null : [+longitude, +latitude];
	const map = new maplibregl.Map({
		container: holder, style: styleOf(root, tints), locale: say.locale, attributionControl: false, cooperativeGestures: true,
		center: at ?? [12, 18], zoom: at ? +zoom : 1, minZoom: 0.4, maxZoom: 12, renderWorldCopies: false, dragRotate: false, pitchWithRotate: false,
	});
	if (!at)
		map.fitBounds([[-128, -46], [158, 66]], { animate: false, padding: 8 });
	map.touchZoomRotate.disableRotation();
	map.addControl(new maplibregl.NavigationControl({ showCompass: false }), document.dir === 'rtl' ? 'top-left' : 'top-right');
	matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
		map.setPaintProperty('sea', 'background-color', colour('sea'));
		map.setPaintProperty('land', 'fill-color', landColour(tints));
		map.setPaintProperty('borders', 'line-color', colour('sea'));
	});
	map.once('load', () => {
		frame.classList.add('plate-awake');
		if (at)
			new maplibregl.Marker({ element: spot() }).setLngLat(at).addTo(map);
	});
	if (places)
		showPlaces(maplibregl, map, frame, places, say);
	frame.atlas = map; // for tests and for the curious
}

function spot() {
	const element = document.createElement('span');
	element.className = 'pin pin-spot';
	return element;
}

function showPlaces(maplibregl, map, frame, address, say) {
	const panel = frame.parentElement.querySelector('[data-map-places]');
	const hint = frame.parentElement.querySelector('[data-map-hint]');
	const shown = new Map(); // key -> marker
	if (hint)
		hint.hidden = false;

	map.once('load', () => {
		map.addSource('places', { type: 'geojson', data: new URL(address, location).href, cluster: true, clusterRadius: 34, clusterMaxZoom: 11 });
		// Markers are drawn as buttons; the layer only makes the source load its tiles.
		map.addLayer({ id: 'places', type: 'circle', source: 'places', paint: { 'circle-radius': 1, 'circle-opacity': 0 } });
		map.on('idle', update);
		map.on('moveend', update);
	});

	function update() {
		if (!map.isSourceLoaded('places'))
			return;
		const wanted = new Map();
		const bounds = map.getBounds();
		for (const feature of map.querySourceFeatures('places')) {
			const { cluster, cluster_id: id, address } = feature.properties;
			if (!bounds.contains(feature.geometry.coordinates))
				continue;
			wanted.set(cluster ? `#${id}` : address, feature);
		}
		for (const [key, marker] of shown)
			if (!wanted.has(key)) {
				marker.remove();
				shown.delete(key);
			}
		// In reading order, from the north-west, so that the Tab key wanders over the map and does not jump.
		const fresh = [...wanted].filter(([key]) => !shown.has(key))
			.sort(([, a], [, b]) => b.geometry.coordinates[1] - a.geometry.coordinates[1]);
		for (const [key, feature] of fresh) {
			const marker = new maplibregl.Marker({ element: pin(feature) }).setLngLat(feature.geometry.coordinates).addTo(map);
			shown.set(key, marker);
		}
		frame.dataset.pins = shown.size;
	}

	function pin(feature) {
		const { cluster, point_count: count } = feature.properties;
		const button = document.createElement('button');
		button.type = 'button';
		button.className = cluster ? `pin pin-many${count >= 10 ? ' pin-large' : ''}` : 'pin pin-one';
		button.textContent = cluster ? count : '';
		button.setAttribute('aria-label', cluster ? say.many.replace('{n}', count) : titleOf(feature.properties));
		if (!cluster)
			button.title = titleOf(feature.properties);
		button.addEventListener('click', event => {
			event.stopPropagation();
			if (cluster)
				openCluster(feature);
			else
				tell([feature.properties]);
		});
		return button;
	}

	async function openCluster(feature) {
		const source = map.getSource('places');
		const { cluster_id: id, point_count: count } = feature.properties;
		const leaves = await source.getClusterLeaves(id, 60, 0);
		tell(leaves.map(leaf => leaf.properties), count);
		const zoom = await source.getClusterExpansionZoom(id);
		if (zoom <= 11)
			map.easeTo({ center: feature.geometry.coordinates, zoom });
	}

	function tell(list) {
		panel?.replaceChildren(...list.map(properties => {
			const item = document.createElement('article');
			item.className = 'plate-place';
			const title = document.createElement('h3');
			const link = Object.assign(document.createElement('a'), { href: (frame.dataset.root ?? '') + new URL(properties.address, location).pathname + asOf(), textContent: titleOf(properties) });
			title.append(link);
			item.append(title);
			if (list.length === 1 && properties.summary)
				item.append(Object.assign(document.createElement('p'), { textContent: properties.summary }));
			return item;
		}));
	}
}

function titleOf(properties) {
	return properties.title;
}
