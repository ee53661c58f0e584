import type { LocationOptions } from '../../operations/locations/location.js';
import type { Service } from '../../operations/service.js';

/**
 * The service on the local store of a folder; a runner that outlives the command works on what it creates. The user's own
 * files may stand wherever `s3://` objects may.
 */
export async function openCommandLineService(options: LocationOptions): Promise<Service> {
  const [{ openLocalService }, { ensureRunner }] = await Promise.all([
    import('../../operations/local-service.js'),
    import('../../store/runner.js'),
  ]);
  return openLocalService({ ...options, fileUris: true, startRunner: () => ensureRunner(options.home) });
}
