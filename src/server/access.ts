import type { IncomingHttpHeaders } from 'node:http';
import { isIPv4 } from 'node:net';
import type { SignedRequest } from './canonical.js';
import { protocolError } from './errors.js';
import type { SignatureVerifier } from './sigv4.js';

/** Who may use a server. */
export interface Access {
  /**
   * Before the body is read.
   *
   * @throws ServiceError when the request is refused whatever it asks
   */
  admit(headers: IncomingHttpHeaders): void;
  /**
   * When the body has arrived.
   *
   * @throws ServiceError when the request is not signed as it should be
   */
  verify(request: SignedRequest): void;
}

/** Whoever signs with one of the verifier's keys. */
export function signedAccess(verifier: SignatureVerifier): Access {
  return { admit: () => {}, verify: (request) => void verifier.verify(request) };
}

/**
 * Every program of this machine, signed or not. Web pages are kept out, whose scripts run here as well: requests that name a
 * host other than this machine (DNS rebinding), and those that a browser marks as coming from a page.
 */
export function anonymousAccess(): Access {
  return { admit: refuseWebPages, verify: () => {} };
}

function refuseWebPages(headers: IncomingHttpHeaders): void {
  const host = headers.host ?? '';
  if (!isLoopbackName(hostName(host))) {
    throw protocolError(
      'AccessDeniedException',
      `requests without a checked signature are taken for localhost only, not for '${host.slice(0, 100)}'`,
    );
  }
  const site = headers['sec-fetch-site'];
  if (headers.origin !== undefined || (site !== undefined && site !== 'none')) {
    throw protocolError('AccessDeniedException', 'requests of web pages are refused where signatures are not checked');
  }
}

/** A `Host` header without its port. */
function hostName(host: string): string {
  return /^(\[[^\]]*\]|[^:]*)(?::\d*)?$/.exec(host)?.[1] ?? '';
}

/** Whether a host name means this machine without asking DNS (RFC 6761, 6.3): localhost, 127.0.0.0/8, ::1. */
export function isLoopbackName(name: string): boolean {
  const plain = name.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (isIPv4(plain)) return plain.startsWith('127.');
  return plain === '::1' || plain === 'localhost' || plain.endsWith('.localhost');
}
