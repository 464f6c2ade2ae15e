/**
 * Words, numbers and dates in the edition's language; every text comes with the payload.
 *
 * @typedef {object} Words
 * @property {(key: string, values?: Record<string, string | number>) => string} say
 * @property {(key: string) => boolean} has
 * @property {(value: number, digits?: number) => string} number
 * @property {(day: number) => string} day a day in full
 * @property {(first: number, last: number) => string} span two days
 * @property {(day: number, parts: Intl.DateTimeFormatOptions) => string} part
 * @property {(items: string[]) => string} list
 */

/**
 * @param {Record<string, string>} words
 * @param {string} lang
 * @returns {Words}
 */
export function wording(words, lang) {
  const plural = new Intl.PluralRules(lang);
  const dates = new Map();
  /** @type {Words["part"]} */
  const part = (day, parts) => {
    const key = JSON.stringify(parts);
    if (!dates.has(key)) dates.set(key, new Intl.DateTimeFormat(lang, { ...parts, timeZone: "UTC" }));
    return dates.get(key).format(day * 864e5);
  };
  const numbers = [0, 1, 2, 3, 4].map((digits) => new Intl.NumberFormat(lang, { maximumFractionDigits: digits }));
  /** @type {Words["number"]} */
  const number = (value, digits = 0) => numbers[digits].format(value);
  const full = /** @type {const} */ ({ day: "numeric", month: "short", year: "numeric" });
  const list = new Intl.ListFormat(lang, { type: "conjunction" });
  const days = new Intl.DateTimeFormat(lang, { ...full, timeZone: "UTC" });
  return {
    number,
    part,
    day: (day) => part(day, full),
    span: (first, last) => days.formatRange(first * 864e5, last * 864e5),
    list: (items) => list.format(items),
    has: (key) => Object.hasOwn(words, key),
    say(key, values = {}) {
      const n = Number(values.n);
      const forms = [`${key}.${plural.select(Number.isNaN(n) ? 0 : n)}`, `${key}.other`, key];
      const form = forms.find((one) => Object.hasOwn(words, one));
      const text = form ? words[form] : key;
      return text.replace(/\{(\w+)\}/g, (whole, name) => {
        const value = values[name];
        return value === undefined ? whole : typeof value === "number" ? number(value) : value;
      });
    },
  };
}
