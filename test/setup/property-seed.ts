/**
 * Property tests draw the same input in every run, so that a change is what makes them fail. `PROPERTY_SEED`, an integer, draws
 * other input: new seeds look for what no test has seen yet.
 */
import fc from 'fast-check';

const DEFAULT_SEED = 20260501;

function propertySeed(): number {
  const given = process.env.PROPERTY_SEED;
  if (given === undefined || given === '') return DEFAULT_SEED;
  const seed = Number(given);
  if (!Number.isInteger(seed)) throw new Error(`PROPERTY_SEED is '${given}'; give it an integer`);
  return seed;
}

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: propertySeed() });
