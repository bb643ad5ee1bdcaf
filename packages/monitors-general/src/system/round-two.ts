/** Two decimals exactly as Python's `float('{:.2f}'.format(x))`: correctly rounded, ties to even. */
const CENTS_OF_EIGHTHS: Readonly<Record<number, string>> = { 1: '12', 3: '38', 5: '62', 7: '88' };

/**
 * `toFixed` is correctly rounded too, but takes the larger of two equally near neighbours. A double
 * lies exactly between two hundredths only if it is an odd number of eighths, so those are a table.
 */
export function roundTwo(value: number): number {
  const size = Math.abs(value);
  const whole = Math.floor(size);
  const cents = CENTS_OF_EIGHTHS[(size - whole) * 8];
  if (cents === undefined) return Number(value.toFixed(2));
  return Number(`${value < 0 ? '-' : ''}${String(whole)}.${cents}`);
}
