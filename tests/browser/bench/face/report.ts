// The comparison as a Markdown table: one column a library, medians with their range.
import type { Look, Name } from './contestant.ts';
import type { Accuracy } from './pairs.ts';
import type { Fetched } from './serve.ts';

/** What one library did in one round. */
export interface Round {
  name: Name;
  loadMs: number;
  firstMs: number;
  fetched: Fetched;
  looks: Look[];
  stages: Record<string, number>[];
  pageBytes: number;
  peakBytes: number | undefined;
  wasmBytes: number;
}

export interface Contest {
  browser: string;
  rounds: Round[];
  growth: { looks: number; bytes: number }[] | undefined;
  accuracy: Partial<Record<Name, Accuracy>>;
}

const MEGA = 1e6;

export function table(contest: Contest, names: readonly Name[]): string {
  const of = (name: Name) => contest.rounds.filter((round) => round.name === name);
  const row = (label: string, cell: (rounds: Round[], name: Name) => string) =>
    `| ${[label, ...names.map((name) => cell(of(name), name))].join(' | ')} |`;
  const all = commonLooks(contest, names);
  const full = names.map((name) => median(all[name] ?? []));
  const lines = [
    `| Chromium ${contest.browser}, ${of('mien').length} rounds | ${names.join(' | ')} |`,
    `|---|${names.map(() => '---:|').join('')}`,
    row('full look, ms', (_, name) => spread(all[name] ?? [], 1)),
    row('times ours', (_, name) => (median(all[name] ?? []) / (full[0] ?? Number.NaN)).toFixed(2)),
    row('first look after load, ms', (rounds) => spread(rounds.map(({ firstMs }) => firstMs))),
    row('load from loopback, ms', (rounds) => spread(rounds.map(({ loadMs }) => loadMs))),
    row('download uncompressed, MB', (rounds) => mega(rounds.map(({ fetched }) => fetched.uncompressed))),
    row('download as served (code and weights in Brotli), MB', (rounds) =>
      mega(rounds.map(({ fetched }) => fetched.served)),
    ),
    row('WASM memory, MB', (rounds) => mega(rounds.map(({ wasmBytes }) => wasmBytes))),
    row('page and worker after a collection, MB', (rounds) => mega(rounds.map(({ pageBytes }) => pageBytes))),
    row('peak resident, renderer process, MB', (rounds) =>
      mega(rounds.flatMap(({ peakBytes }) => (peakBytes === undefined ? [] : [peakBytes]))),
    ),
    row('frames with a face found', (rounds) => found(rounds)),
  ];
  if (Object.keys(contest.accuracy).length > 0)
    lines.push(row('accuracy on pairs', (_, name) => share(contest, name)));
  const stages = ['mien', 'mien-relaxed'].flatMap((name) => stageLine(of(name as Name), name));
  const growth = (contest.growth ?? []).map(({ looks, bytes }) => `${looks}: ${bytes}`).join(', ');
  if (growth !== '') stages.push(`WASM memory of ours in bytes after so many looks: ${growth}.`);
  return `${lines.join('\n')}\n\n${stages.join('\n\n')}\n`;
}

/** The looks at frames in which every library found a face: without one, a library has less to do. */
function commonLooks({ rounds }: Contest, names: readonly Name[]): Partial<Record<Name, number[]>> {
  const seen = (index: number) => rounds.every(({ looks }) => looks[index]?.found === true);
  const entries = names.map((name) => {
    const own = rounds.filter((round) => round.name === name);
    return [
      name,
      own.flatMap(({ looks }) => looks.filter((_, index) => seen(index)).map(({ ms }) => ms)),
    ] as const;
  });
  return Object.fromEntries(entries);
}

function found(rounds: Round[]): string {
  const looks = rounds.flatMap(({ looks }) => looks);
  return `${looks.filter(({ found }) => found).length} of ${looks.length}`;
}

function share({ accuracy }: Contest, name: Name): string {
  const result = accuracy[name];
  if (result === undefined) return '';
  const percent = (value: number) => (100 * value).toFixed(2);
  return `${percent(result.mean)} ± ${percent(result.standardError)} % (${result.pairs} pairs, ${result.without} without a face)`;
}

function stageLine(rounds: Round[], name: string): string[] {
  const stages = rounds.flatMap(({ stages }) => stages);
  const names = Object.keys(stages[0] ?? {});
  const parts = names.map(
    (stage) =>
      `${stage} ${spread(
        stages.flatMap((each) => each[stage] ?? []),
        1,
      )}`,
  );
  return parts.length > 0 ? [`Stages of ${name}, ms: ${parts.join(', ')}.`] : [];
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function spread(values: readonly number[], digits = 0): string {
  if (values.length === 0) return '–';
  const text = (value: number) => value.toFixed(digits);
  return `${text(median(values))} (${text(Math.min(...values))}–${text(Math.max(...values))})`;
}

const mega = (values: readonly number[]) =>
  spread(
    values.map((value) => value / MEGA),
    2,
  );
