/**
 * The house: its rooms and what each may import. The one table behind the picture in the guide and the test that
 * holds it.
 */
export interface Room {
  readonly name: string
  readonly folder: string
  /** In a few words, for the picture. */
  readonly holds: string
  /** The rooms right below; what they import may be imported too. */
  readonly above: ReadonlyArray<string>
  /** npm packages; a name that ends in `/` stands for its subpaths, the empty one for any package. */
  readonly packages: ReadonlyArray<string>
  /** Column and row in the picture; row 0 is the ground. */
  readonly at: readonly [column: number, row: number]
  /** Planned, not built: there is no such folder yet. */
  readonly planned: boolean
}

const PLANNED = new Set<string>()

const room = (
  name: string,
  at: Room['at'],
  above: ReadonlyArray<string>,
  holds: string,
  packages: ReadonlyArray<string> = [],
): Room => ({
  name,
  folder: name === 'spec' ? 'spec' : `src/${name}`,
  holds,
  above,
  packages: ['fp-ts/lib/', 'io-ts', ...packages],
  at,
  planned: PLANNED.has(name),
})

export const ROOMS: ReadonlyArray<Room> = [
  room('spec', [1, 0], [], 'vocabulary, laws, vectors'),
  room('numeric', [1, 1], ['spec'], 'elementary functions, sums'),
  room('program', [0, 2], ['numeric'], 'computations that ask'),
  room('rule', [0, 3], ['program'], 'atoms and combinators'),
  room('autodiff', [2, 2], ['numeric'], 'trace, IR, derivatives'),
  room('runtime', [2, 3], ['autodiff'], 'plans, kernels, threads'),
  room('problem', [2, 4], ['runtime'], 'objectives, data, draws', ['pure-rand/', 'papaparse']),
  room('optimizer', [1, 5], ['rule', 'problem'], 'directions, iteration, drivers'),
  room('bilevel', [0, 6], ['optimizer'], 'hypergradients'),
  room('replica', [2, 6], ['optimizer'], 'many replicas'),
  room('theory', [1, 7], ['bilevel', 'replica'], 'laws put to rules', ['fast-check', 'vitest']),
  room('cli', [1, 8], ['theory'], 'commands, the report', ['']),
]

/** Files that may import `node:` modules and use the globals of Node. */
export const NODE: ReadonlyArray<RegExp> = [/^src\/runtime\/thread/, /^src\/problem\/file\//, /^src\/cli\//]

/** Files that may import a module that somebody else names. The command line, which no bundle holds, needs no leave. */
export const LOADERS: ReadonlyArray<RegExp> = [/^src\/runtime\/thread\/module\.ts$/]

/** Files of the standard that may import fast-check: laws and the arbitraries they draw from. */
export const ARBITRARIES: ReadonlyArray<RegExp> = [
  /^spec\/law\//,
  /^spec\/(?:[^/]+\/)*arbitrary[^/]*(?:\/|$)/i,
]

/** Every room at or below a room. */
export const reach = (name: string): ReadonlySet<string> => {
  const found = ROOMS.find((r) => r.name === name)
  return new Set([name, ...(found?.above ?? []).flatMap((below) => [...reach(below)])])
}
