/** Words that name an identifier, at the beginning or the end of a column's name. */
const WORDS = new Set(['id', 'ids', 'key', 'uuid', 'guid', 'uid', 'identifier', 'rownum']);
/** Names that mean a row number when they stand alone, but a measured quantity with another word. */
const ALONE = new Set(['index', 'idx', 'number', 'no', 'nr']);
/** What has an identifier, where the name is written as one word: userid, passengerid. */
const OWNER =
  /^(account|case|client|customer|employee|event|invoice|item|member|object|order|passenger|patient|product|record|row|sample|session|student|subject|transaction|user)(id|key)$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a column's name says that it identifies the row: id, user_id, orderId, ID-Number, uuid, key, passengerid. */
export function isIdentifierName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  if (words.length === 0) return false;
  if (words.length === 1 && ALONE.has(words[0])) return true;
  return WORDS.has(words[0]) || WORDS.has(words.at(-1)!) || OWNER.test(words.join(''));
}

/** A universally unique identifier in its usual spelling (RFC 9562). */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
