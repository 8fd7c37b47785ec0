/** Writes figures for people. Sizes are decimal, as the command's are. */

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];
const counts = new Intl.NumberFormat('en');
const clock = new Intl.DateTimeFormat('en-GB', {hour: '2-digit', minute: '2-digit', second: '2-digit'});
const day = new Intl.DateTimeFormat('en-GB', {day: 'numeric', month: 'short', year: 'numeric'});

export function bytes(size) {
  let value = size;
  let unit = 0;
  while (value >= 999.95 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return unit === 0 ? `${Math.round(value)} B` : `${value.toFixed(1)} ${UNITS[unit]}`;
}

export const rate = (perSecond) => `${bytes(perSecond)}/s`;

export const count = (number) => counts.format(number);

export const plural = (number, noun) => `${count(number)} ${noun}${number === 1 ? '' : 's'}`;

export const percent = (part, whole) => (whole === 0 ? '100 %' : `${Math.floor((100 * part) / whole)} %`);

/** The time of day, with the day before it where that is not today. */
export function time(iso) {
  const date = new Date(iso);
  const today = date.toDateString() === new Date().toDateString();
  return today ? clock.format(date) : `${day.format(date)}, ${clock.format(date)}`;
}

/** How long something took. */
export function duration(fromIso, toIso) {
  const seconds = Math.max(0, (new Date(toIso) - new Date(fromIso)) / 1000);
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** Makes a sentence of what the service says, which begins small and ends without a dot. */
export const sentence = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;

/** `Running` for `RUNNING`, or for `running`. */
export const inWords = (name) => name.charAt(0).toUpperCase() + name.slice(1).toLowerCase();

export const shortDigest = (hex) => `${hex.slice(0, 12)}…`;
