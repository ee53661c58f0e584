/** No answer came from the service. The message is that of the AWS CLI. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

/** What of a request went wrong: OpenSSL's name of the reason, in upper case, and its text. */
const TLS_REASONS: Readonly<Record<string, readonly [string, string]>> = {
  CERT_HAS_EXPIRED: ['CERTIFICATE_VERIFY_FAILED', 'certificate verify failed: certificate has expired'],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['CERTIFICATE_VERIFY_FAILED', 'certificate verify failed: self-signed certificate'],
  SELF_SIGNED_CERT_IN_CHAIN: [
    'CERTIFICATE_VERIFY_FAILED',
    'certificate verify failed: self-signed certificate in certificate chain',
  ],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    'CERTIFICATE_VERIFY_FAILED',
    'certificate verify failed: unable to get local issuer certificate',
  ],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'CERTIFICATE_VERIFY_FAILED',
    'certificate verify failed: unable to get local issuer certificate',
  ],
};

/** Codes of connections that ended before an answer. */
const CLOSED = new Set(['ECONNRESET', 'EPIPE', 'HPE_INVALID_CONSTANT', 'HPE_INVALID_EOF_STATE']);

/** Explains why no answer came from an address. */
export function connectionError(url: string, cause: unknown): ConnectionError {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  const tls = tlsReason(code, message);
  if (tls !== undefined) return new ConnectionError(`SSL validation failed for ${url} ${tls}`, { cause });
  if (CLOSED.has(code) || code.startsWith('HPE_')) {
    return new ConnectionError(
      `Connection was closed before we received a valid response from endpoint URL: "${url}".`,
      { cause },
    );
  }
  return new ConnectionError(`Could not connect to the endpoint URL: "${url}"`, { cause });
}

function tlsReason(code: string, message: string): string | undefined {
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    const name = code.startsWith('ERR_SSL_') ? code.slice(8) : (/SSL routines:[^:]*:([^:]+)/.exec(message)?.[1] ?? '');
    return reasonText(name.replace(/[ -]/g, '_').toUpperCase(), name.toLowerCase().replaceAll('_', ' '));
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return reasonText('CERTIFICATE_VERIFY_FAILED', `certificate verify failed: ${message}`);
  }
  const known = TLS_REASONS[code];
  return known && reasonText(...known);
}

/** The place in Python's source is part of the text that scripts may compare. */
const reasonText = (name: string, text: string): string => `[SSL: ${name}] ${text} (_ssl.c:992)`;

export const connectTimeout = (url: string): ConnectionError =>
  new ConnectionError(`Connect timeout on endpoint URL: "${url}"`);

export const readTimeout = (url: string): ConnectionError =>
  new ConnectionError(`Read timeout on endpoint URL: "${url}"`);
