/**
 * UTF-8 in both directions without a TextDecoder: this code runs before the globals exist, and a decoder that strips a byte-order mark
 * or costs a call into the runtime per string would be wrong here. Faults become U+FFFD exactly as the WHATWG decoder makes them.
 */

const REPLACEMENT = 0xfffd;
const CHUNK = 1024;

/** Decodes `bytes[start..end)`. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  let units: number[] = [];
  let at = start;
  while (at < end) {
    const lead = bytes[at++] as number;
    if (lead < 0x80) {
      units.push(lead);
    } else {
      // Bounds of the second byte exclude overlong forms, surrogates and what lies above U+10FFFF.
      let needed = 0;
      let low = 0x80;
      let high = 0xbf;
      let point = 0;
      if (lead >= 0xc2 && lead <= 0xdf) {
        needed = 1;
        point = lead & 0x1f;
      } else if (lead >= 0xe0 && lead <= 0xef) {
        needed = 2;
        point = lead & 0xf;
        if (lead === 0xe0) low = 0xa0;
        if (lead === 0xed) high = 0x9f;
      } else if (lead >= 0xf0 && lead <= 0xf4) {
        needed = 3;
        point = lead & 7;
        if (lead === 0xf0) low = 0x90;
        if (lead === 0xf4) high = 0x8f;
      }
      let valid = needed > 0;
      for (; valid && needed > 0; needed--) {
        const next = at < end ? (bytes[at] as number) : 0;
        if (next < low || next > high) {
          valid = false;
        } else {
          point = (point << 6) | (next & 0x3f);
          low = 0x80;
          high = 0xbf;
          at++;
        }
      }
      if (!valid) units.push(REPLACEMENT);
      else if (point < 0x10000) units.push(point);
      else units.push(0xd7c0 + (point >> 10), 0xdc00 | (point & 0x3ff));
    }
    if (units.length >= CHUNK) {
      text += String.fromCharCode(...units);
      units = [];
    }
  }
  return text + String.fromCharCode(...units);
}

/** How many bytes `text` takes. A lone surrogate counts as the three bytes of U+FFFD. */
export function utf8Length(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) length += 1;
    else if (unit < 0x800) length += 2;
    else if (isPair(text, i, unit)) {
      length += 4;
      i++;
    } else length += 3;
  }
  return length;
}

/** Writes `text` at `offset` and returns the offset behind it. The caller has checked that {@link utf8Length} bytes fit. */
export function encodeUtf8(text: string, bytes: Uint8Array, offset: number): number {
  let at = offset;
  for (let i = 0; i < text.length; i++) {
    let unit = text.charCodeAt(i);
    if (unit < 0x80) {
      bytes[at++] = unit;
    } else if (unit < 0x800) {
      bytes[at++] = 0xc0 | (unit >> 6);
      bytes[at++] = 0x80 | (unit & 0x3f);
    } else if (isPair(text, i, unit)) {
      const point = (((unit & 0x3ff) << 10) | (text.charCodeAt(++i) & 0x3ff)) + 0x10000;
      bytes[at++] = 0xf0 | (point >> 18);
      bytes[at++] = 0x80 | ((point >> 12) & 0x3f);
      bytes[at++] = 0x80 | ((point >> 6) & 0x3f);
      bytes[at++] = 0x80 | (point & 0x3f);
    } else {
      if (unit >= 0xd800 && unit <= 0xdfff) unit = REPLACEMENT;
      bytes[at++] = 0xe0 | (unit >> 12);
      bytes[at++] = 0x80 | ((unit >> 6) & 0x3f);
      bytes[at++] = 0x80 | (unit & 0x3f);
    }
  }
  return at;
}

function isPair(text: string, index: number, unit: number): boolean {
  if (unit < 0xd800 || unit > 0xdbff) return false;
  const next = text.charCodeAt(index + 1);
  return next >= 0xdc00 && next <= 0xdfff;
}
