import type { Report } from './report.ts';

/** The report for programs: one JSON document. 64-bit values are decimal strings, byte arrays are arrays of numbers. */
export function json(report: Report): string {
  return `${JSON.stringify(report, plain, 2)}\n`;
}

function plain(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array || value instanceof Int8Array) return Array.from(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value;
}
