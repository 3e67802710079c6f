// tests/npm/wire_schema.mjs - Lines on standard input, "NAME TAB JSON", to "ok" or what is wrong with
// each by docs/formats/signal.schema.json; NAME is a definition there. Stricter than the schema, which
// lets later versions add keys: here every key has to be in it.
import { readFileSync } from 'node:fs';

import { packages } from './support.mjs';

const { Ajv2020 } = packages();
const schema = JSON.parse(readFileSync('docs/formats/signal.schema.json', 'utf8'));
for (const name of [...schema.oneOf.map((each) => each.$ref.split('/').at(-1)), 'fact']) {
  schema.$defs[name].unevaluatedProperties = false;
}
const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false });
ajv.addSchema(schema, 'wire');

for (const line of readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
  const [name, json] = line.split('\t', 2);
  const validate = ajv.getSchema(`wire#/$defs/${name}`);
  const valid = validate(JSON.parse(json)) && (!schema.$defs[name].allOf || ajv.validate('wire', JSON.parse(json)));
  console.log(valid ? 'ok' : ajv.errorsText(validate.errors ?? ajv.errors));
}
