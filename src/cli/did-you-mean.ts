/** `; did you mean timeout?` where one of the known names is near, else nothing; `write` says how it is written. */
export function didYouMean(name: string, known: readonly string[], write: (name: string) => string = (each) => each): string {
  const wanted = name.toLowerCase();
  const near = known.map((each) => ({ each, distance: distance(wanted, each.toLowerCase()) }))
    .filter(({ each, distance: steps }) => steps <= Math.max(1, Math.floor(Math.min(each.length, 12) / 3)))
    .sort((a, b) => a.distance - b.distance)[0];
  return near ? `; did you mean ${write(near.each)}?` : '';
}

// How many letters are to be changed, added, left out or swapped with the next, over short names.
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 4) return Infinity;
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j++) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? rows[i - 2][j - 2] + 1 : Infinity;
      rows[i].push(Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1), swapped));
    }
  }
  return rows[a.length][b.length];
}
