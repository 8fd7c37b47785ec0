/** Reads digests in the forms that the service takes. */

const HEX = /^[0-9a-f]{64}$/i;
const PREFIXED = /^(?:b3:|blake3-)([A-Za-z0-9+/]{43}=?)$/;

/** Gives 64 hex characters, or null where the text is no digest. */
export function toHex(text) {
  const trimmed = text.trim();
  if (HEX.test(trimmed)) return trimmed.toLowerCase();
  const match = PREFIXED.exec(trimmed);
  if (!match) return null;
  const bytes = atob(match[1]);
  return [...bytes].map((char) => char.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}
