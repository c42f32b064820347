// Lints an OpenAPI description with Redocly's own engine and its recommended rules, without network. Standard input: the description; output: a problem a line.
// usage: node lint.mjs SOURCE-ROOT
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(join(process.argv[2], 'package.json'));
const { createConfig, lintFromString } = require('@redocly/openapi-core');
const config = await createConfig({ extends: ['recommended'] });
for (const problem of await lintFromString({ source: readFileSync(0, 'utf8'), absoluteRef: '/openapi.json', config }))
	console.log(`${problem.severity} ${problem.ruleId} ${problem.location[0]?.pointer}: ${problem.message}`);
