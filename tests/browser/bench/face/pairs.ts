// Verification accuracy on labelled pairs of pictures: as many folds as the list has, the threshold from the others.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Pair {
  fold: string;
  a: string;
  b: string;
  same: boolean;
}

/** `count` pairs of DIR/pairs.csv (`fold,a,b,same`), evenly spread over folds and both kinds, in the file's order. */
export function readPairs(folder: string, count: number): Pair[] {
  const lines = readFileSync(join(folder, 'pairs.csv'), 'utf8').trim().split('\n').slice(1);
  const groups = new Map<string, Pair[]>();
  for (const line of lines) {
    const [fold = '', a = '', b = '', same = ''] = line.trim().split(',');
    const group = groups.get(`${fold} ${same}`) ?? [];
    groups.set(`${fold} ${same}`, [...group, { fold, a, b, same: same === '1' }]);
  }
  const each = Math.ceil(count / groups.size);
  return [...groups.values()].flatMap((group) => {
    // Neighbours in the list are often the same people.
    const step = Math.max(1, Math.floor(group.length / each));
    return group.filter((_, index) => index % step === 0).slice(0, each);
  });
}

export interface Accuracy {
  mean: number;
  standardError: number;
  folds: number;
  pairs: number;
  /** Pairs in which a face was not found; each counts as a wrong answer. */
  without: number;
}

/** `distances[i]` belongs to `pairs[i]`; null: no face in one of the two. */
export function accuracy(pairs: readonly Pair[], distances: readonly (number | null)[]): Accuracy {
  const cases = pairs.map((pair, index) => ({ ...pair, distance: distances[index] ?? null }));
  const right = (threshold: number) => (each: (typeof cases)[number]) =>
    each.distance !== null && each.distance <= threshold === each.same;
  const folds = [...new Set(pairs.map(({ fold }) => fold))];
  const scores = folds.map((fold) => {
    const [inside, outside] = [true, false].map((is) => cases.filter((each) => (each.fold === fold) === is));
    if (inside === undefined || outside === undefined) return 0;
    const candidates = outside.flatMap(({ distance }) => (distance === null ? [] : [distance]));
    let [best, threshold] = [-1, 0];
    for (const candidate of candidates.toSorted((a, b) => a - b)) {
      const count = outside.filter(right(candidate)).length;
      if (count > best) [best, threshold] = [count, candidate];
    }
    return inside.filter(right(threshold)).length / inside.length;
  });
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (scores.length - 1);
  return {
    mean,
    standardError: Math.sqrt(variance / scores.length),
    folds: folds.length,
    pairs: pairs.length,
    without: cases.filter(({ distance }) => distance === null).length,
  };
}
