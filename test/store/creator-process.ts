/** `HOME PREFIX COUNT`: creates COUNT data sources `PREFIX-0` …, and prints id and outcome of each once it is made. */
import { writeSync } from 'node:fs';
import { openStore } from '../../src/store/store.js';

const [home, prefix, count] = process.argv.slice(2);
const store = await openStore(home);
for (let i = 0; i < Number(count); i++) {
  const id = `${prefix}-${i}`;
  const made = store.create({ kind: 'DataSource', id, name: undefined, request: {}, fingerprint: '', filters: {} });
  writeSync(1, `${id} ${made}\n`);
}
store.close();
