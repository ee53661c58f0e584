/** `HOME ENTRY`: starts a runner that stays, and lives until it is killed. */
import { startResidentRunner } from '../../src/store/runner.js';

const [home, entry] = process.argv.slice(2);
startResidentRunner(home, { entry });
