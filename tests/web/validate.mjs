// Judges documents with schemas of stac_schemas.json. Standard input: one [schema, document] a line; output: one list of faults a line.
// usage: node validate.mjs SOURCE-ROOT
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const root = process.argv[2];
const require = createRequire(join(root, 'package.json'));
const Ajv = require('ajv/dist/2020').default;
const schemas = JSON.parse(readFileSync(join(root, 'tests/web/stac_schemas.json')));
const ajv = new Ajv({ strict: false, allErrors: true });
require('ajv-formats').default(ajv);
ajv.addFormat('iri', ajv.formats.uri);
for (const [name, schema] of Object.entries(schemas)) ajv.addSchema(schema, name);
for (const line of readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
	const [name, value] = JSON.parse(line);
	const judge = ajv.getSchema(name);
	judge(value);
	console.log(JSON.stringify((judge.errors ?? []).map((error) => `${error.instancePath} ${error.message}`)));
}
