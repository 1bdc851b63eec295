/**
 * Quantity: exact decimal numbers, and moments as seconds since 1970. Reads no clock. Source: IAM User Guide, "Numeric
 * condition operators", "Date condition operators"; W3C NOTE-datetime.
 */

/** `units` / 10^`scale`. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

/** Reads digits with an optional sign and fraction; anything else, exponents too, is no number. */
export function readNumber(text: string): Decimal | undefined {
  const found = /^([+-]?)(\d{1,100})(?:\.(\d{1,100}))?$/.exec(text);
  if (!found) return undefined;
  const fraction = found[3] ?? '';
  const units = BigInt(`${found[2]}${fraction}`);
  return { units: found[1] === '-' ? -units : units, scale: fraction.length };
}

/** Below, at or above zero as `a` is less than, equal to or greater than `b`. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const [x, y] = [atScale(a, scale), atScale(b, scale)];
  return x < y ? -1 : x > y ? 1 : 0;
}

function atScale({ units, scale }: Decimal, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - scale);
}

/** A number strictly between two, or one beyond the only one that is given. */
export function between(low: Decimal | undefined, high: Decimal | undefined): Decimal {
  if (!low) return high ? { units: atScale(high, high.scale) - 10n ** BigInt(high.scale), scale: high.scale } : ZERO;
  if (!high) return { units: low.units + 10n ** BigInt(low.scale), scale: low.scale };
  const scale = Math.max(low.scale, high.scale);
  const [x, y] = [atScale(low, scale), atScale(high, scale)];
  const step = 10n ** BigInt(scale);
  return x + step < y ? { units: x + step, scale } : { units: (x + y) * 5n, scale: scale + 1 };
}

const ZERO: Decimal = { units: 0n, scale: 0 };

/** The shortest digits of a number. */
export function printNumber({ units, scale }: Decimal): string {
  const sign = units < 0n ? '-' : '';
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return sign + whole + (fraction ? `.${fraction}` : '');
}

const EXTENDED = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,30}))?)?(Z|[+-]\d\d:?\d\d)?)?)?)?$/;
const BASIC = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(?:\.(\d{1,30}))?(Z|[+-]\d\d:?\d\d)?$/;

/** Reads ISO 8601, or seconds since 1970; four digits are a year. Without a time zone it is UTC. Undefined for anything else. */
export function readMoment(text: string): Decimal | undefined {
  const found = EXTENDED.exec(text) ?? BASIC.exec(text);
  if (!found) return readNumber(text);
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((i) => Number(found[i] ?? (i < 4 ? 1 : 0)));
  if (!isMoment(year, month, day, hour, minute, second)) return undefined;
  const seconds =
    daysFromYear(year ?? 0, month ?? 1, day ?? 1) * 86400 + (hour ?? 0) * 3600 + (minute ?? 0) * 60 + (second ?? 0);
  const fraction = found[7] ?? '';
  const whole = BigInt(seconds - offsetOf(found[8] ?? 'Z'));
  return { units: whole * 10n ** BigInt(fraction.length) + BigInt(fraction || '0'), scale: fraction.length };
}

function isMoment(year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0): boolean {
  if (month < 1 || month > 12 || day < 1 || hour > 24 || minute > 59 || second > 60) return false;
  const next = month === 12 ? daysFromYear(year + 1, 1, 1) : daysFromYear(year, month + 1, 1);
  return day <= next - daysFromYear(year, month, 1);
}

function offsetOf(zone: string): number {
  if (zone === 'Z') return 0;
  const digits = zone.replace(':', '');
  const seconds = Number(digits.slice(1, 3)) * 3600 + Number(digits.slice(3, 5)) * 60;
  return digits.startsWith('-') ? -seconds : seconds;
}

/** Days from 1970-01-01 in the Gregorian calendar, counted in years that begin in March. */
function daysFromYear(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468;
}

/** A moment as ISO 8601 in UTC; as seconds where the year has not four digits. */
export function printMoment(moment: Decimal): string {
  const base = 10n ** BigInt(moment.scale);
  const fraction = ((moment.units % base) + base) % base;
  const seconds = Number((moment.units - fraction) / base);
  const days = Math.floor(seconds / 86400);
  const [year, month, day] = dateOfDays(days);
  if (year < 1000 || year > 9999) return printNumber(moment);
  const rest = seconds - days * 86400;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const part = moment.scale > 0 ? String(fraction).padStart(moment.scale, '0').replace(/0+$/, '') : '';
  return `${year}-${two(month)}-${two(day)}T${two(rest / 3600)}:${two((rest % 3600) / 60)}:${two(rest % 60)}${part ? `.${part}` : ''}Z`;
}

function dateOfDays(days: number): readonly [year: number, month: number, day: number] {
  const shifted = days + 719468;
  const era = Math.floor(shifted / 146097);
  const dayOfEra = shifted - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const index = Math.floor((5 * dayOfYear + 2) / 153);
  const month = index < 10 ? index + 3 : index - 9;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - Math.floor((153 * index + 2) / 5) + 1];
}
