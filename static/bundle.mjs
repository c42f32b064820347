// Makes the bundle (GResource) of what pages are made of: templates, and static files under fingerprinted names, compressed.
// Within style sheets and modules, relative references to other static files become fingerprinted too, so a file's name follows from
// everything it leads to. usage: node bundle.mjs SOURCE-DIR OUT.gresource DEPFILE
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, extname, join, posix, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const [source, out, depfile] = process.argv.slice(2);
const types = {
  '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.mjs': 'text/javascript; charset=utf-8', '.svg': 'image/svg+xml',
  '.json': 'application/json', '.geojson': 'application/geo+json', '.woff2': 'font/woff2', '.png': 'image/png', '.jpg': 'image/jpeg', '.ico': 'image/x-icon',
  '.webmanifest': 'application/manifest+json', '.txt': 'text/plain; charset=utf-8',
};
const read = [join(source, 'static', 'packages.txt')];

function walk(folder) {
  if (!existsSync(folder)) return [];
  read.push(folder);
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [path];
  }).sort();
}

// name -> path
const files = new Map();
for (const path of walk(join(source, 'static'))) {
  const name = relative(join(source, 'static'), path);
  if (name in { 'bundle.mjs': 1, 'packages.txt': 1 }) continue;
  files.set(name, path);
}
for (const line of readFileSync(join(source, 'static', 'packages.txt'), 'utf8').split('\n')) {
  const [name, path] = line.trim().split(/\s+/);
  if (name && !name.startsWith('#')) files.set(name, join(source, 'node_modules', path));
}

const done = new Map(); // name -> { hashed, type, bytes }
function finish(name, trail = []) {
  if (done.has(name)) return done.get(name);
  if (trail.includes(name)) throw new Error(`static files refer to each other in a circle: ${[...trail, name].join(' -> ')}`);
  const path = files.get(name);
  const ending = extname(name);
  if (!types[ending]) throw new Error(`static/${name}: no content type for ${ending}; add it to static/bundle.mjs`);
  if (!existsSync(path)) throw new Error(`${path} is missing: run "npm ci --ignore-scripts" in ${source} (make does it)`);
  read.push(path);
  let bytes = readFileSync(path);
  if (path.startsWith(join(source, 'static'))) {
    const other = (reference) => {
      const target = posix.normalize(posix.join(posix.dirname(name), reference));
      if (!files.has(target)) throw new Error(`static/${name} refers to ${reference}, which is not there`);
      return posix.relative(posix.dirname('/' + name), '/' + finish(target, [...trail, name]).hashed);
    };
    if (ending === '.css' || ending === '.js' || ending === '.mjs')
      bytes = Buffer.from(bytes.toString().replace(/(["'(])\/static\/([\w./@-]+)(?=["')])/g, (_, mark, to) => {
        if (!files.has(to)) throw new Error(`static/${name} refers to /static/${to}, which is not there`);
        return `${mark}/static/${finish(to, [...trail, name]).hashed}`;
      }));
    if (ending === '.css')
      bytes = Buffer.from(bytes.toString().replace(/url\((['"]?)(?!data:|https?:|#|\/static\/)([^'")]+)\1\)/g, (_, q, to) => `url(${other(to)})`));
    else if (ending === '.js' || ending === '.mjs')
      bytes = Buffer.from(bytes.toString().replace(/(\bfrom\s*|\bimport\s*\(?\s*)(['"])(\.{1,2}\/[^'"]+)\2/g, (_, word, q, to) => `${word}${q}./${other(to)}${q}`));
  }
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 10);
  const entry = { hashed: name.slice(0, -ending.length) + '.' + hash + ending, type: types[ending], bytes };
  done.set(name, entry);
  return entry;
}
for (const name of files.keys()) finish(name);

const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
const rows = [];
function put(name, bytes) {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  rows.push(`<file>${name}</file>`);
}
const manifest = {};
for (const [name, { hashed, type, bytes }] of [...done].sort(([a], [b]) => (a < b ? -1 : 1))) {
  manifest[name] = { hashed, type };
  put(`static/${name}`, bytes);
  if (/woff2|png|jpeg/.test(type) || bytes.length < 256) continue;
  const variants = { gz: gzipSync(bytes, { level: 9 }), br: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }) };
  for (const [ending, packed] of Object.entries(variants)) if (packed.length < bytes.length * 0.9) put(`static/${name}.${ending}`, packed);
}
put('static/manifest.json', JSON.stringify(manifest));
for (const path of walk(join(source, 'templates'))) {
  if (!path.endsWith('.mustache')) continue;
  read.push(path);
  put(`templates/${relative(join(source, 'templates'), path)}`, readFileSync(path));
}
writeFileSync(join(folder, 'bundle.xml'), `<gresources><gresource prefix="/aftermine">${rows.join('')}</gresource></gresources>`);
execFileSync('glib-compile-resources', [`--sourcedir=${folder}`, `--target=${out}`, join(folder, 'bundle.xml')], { stdio: 'inherit' });
rmSync(folder, { recursive: true });
writeFileSync(depfile, `${out}: ${read.map((path) => path.replaceAll(' ', '\\ ')).join(' ')}\n`);
