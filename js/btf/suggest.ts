/** `; did you mean "x"?` for the nearest of `names`, `''` where none is near. */
export function didYouMean(wrong: string, names: Iterable<string>): string {
  const found = nearest(wrong, names);
  return found === undefined ? '' : `; did you mean ${JSON.stringify(found)}?`;
}

/** Names longer than this are not compared: the work grows with the product of the lengths. */
const MAX_LENGTH = 64;

/** The name with the smallest edit distance, if at most a third of the letters differ. Case does not count. */
export function nearest(wrong: string, names: Iterable<string>): string | undefined {
  if (wrong.length > MAX_LENGTH) return undefined;
  let best: string | undefined;
  // At least one letter is right.
  let least = Math.min(Math.floor(Math.max(wrong.length, 3) / 3) + 1, wrong.length);
  for (const name of names) {
    if (name.length > MAX_LENGTH || Math.abs(name.length - wrong.length) >= least) continue;
    const distance = editDistance(wrong.toLowerCase(), name.toLowerCase());
    if (distance < least) {
      best = name;
      least = distance;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
