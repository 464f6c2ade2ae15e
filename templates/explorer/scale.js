/**
 * Round steps for axes.
 *
 * @param {number} most the highest value
 * @param {number} ticks about how many
 * @returns {number[]} from 0 to at least `most`, whole numbers
 */
export function wholeTicks(most, ticks) {
  const rough = Math.max(1, most) / Math.max(1, ticks);
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((m) => m * size).find((s) => s >= rough) ?? 10 * size);
  const count = Math.max(1, Math.ceil(most / step));
  return Array.from({ length: count + 1 }, (_, i) => i * step);
}

/**
 * First days of months, quarters or years for an axis, as many as fit.
 *
 * @param {number} first day
 * @param {number} last day
 * @param {number} most how many fit
 * @returns {{days: number[], months: number}} the days, and how many months lie between them
 */
export function calendarTicks(first, last, most) {
  const begin = new Date(first * 864e5);
  const months = [1, 3, 6, 12, 24, 60, 120, 240, 600].find((m) => (last - first) / 30.44 / m <= most) ?? 1200;
  const days = [];
  for (let month = begin.getUTCFullYear() * 12; ; month += months) {
    const day = Date.UTC(Math.floor(month / 12), month % 12, 1) / 864e5;
    if (day > last) return { days, months };
    if (day >= first) days.push(day);
  }
}

/**
 * Periods put together so that each has at least two pixels.
 *
 * @param {number} periods
 * @param {number} width pixels
 */
export function periodsAColumn(periods, width) {
  return Math.max(1, Math.ceil((periods * 2) / Math.max(1, width)));
}
