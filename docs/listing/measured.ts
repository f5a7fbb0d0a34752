/** Tables of what was measured last. */

import * as scaling from '../../test/bench/scaling/table.js'
import { bounds, type Worst } from '../../test/numeric/ulp/measure.js'
import type { Elementary } from '../../test/numeric/ulp/reference.js'
import { domains } from '../../test/numeric/ulp/sampler.js'
import * as ulp from '../../test/numeric/ulp/table.js'
import type { Memory } from '../../test/soak/soak.js'
import * as soak from '../../test/soak/table.js'
import { code, table } from '../law/markdown.js'

const grouped = (n: number): string => n.toString().replace(/\B(?=(\d{3})+$)/g, '\u{a0}')

const point = ({ at: [x, y] }: Worst, name: Elementary): string =>
  code(name === 'pow' ? `${x}, ${y}` : `${x}`)

/** An error of less than a thousandth is that of zeros and of what rounds to itself. */
const below = ({ subnormal }: ulp.Table['rows'][number]): string =>
  subnormal === null || subnormal.ulps < 1e-3 ? '' : subnormal.ulps.toFixed(3)

const ulpTable = (): string => {
  const { rows } = ulp.readTable()
  const points = [...new Set(rows.map((row) => grouped(row.points)))].join(' or ')
  const promised = (name: Elementary): string => {
    const { normal, subnormal } = bounds[name]
    return normal === subnormal ? `${normal}` : `${normal}; ${subnormal}`
  }
  const head = ['function', 'where', 'most, ulp', 'at', 'of subnormal results', 'promised']
  const cells = rows.map((row) => [
    code(row.name),
    domains[row.name].words,
    row.normal.ulps.toFixed(3),
    point(row.normal, row.name),
    below(row),
    promised(row.name),
  ])
  return `${table(head, cells)}\n\nAt ${points} points for each function.`
}

const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(2)

const soakTable = (): string => {
  const change = (memory: ReadonlyArray<Memory>, of: keyof Memory): string =>
    `${megabytes(memory[0]?.[of] ?? 0)}\u{a0}→\u{a0}${megabytes(memory[memory.length - 1]?.[of] ?? 0)}`
  return table(
    ['threads', 'calls', 'programs', 'forgotten', 'heap, MiB', 'outside, MiB', 'arena, MiB'],
    soak
      .readTable()
      .results.map(({ threads, calls, programs, forgotten, memory }) => [
        String(threads),
        grouped(calls),
        String(programs),
        String(forgotten),
        change(memory, 'heap'),
        change(memory, 'external'),
        change(memory, 'arena'),
      ]),
  )
}

const circumstances = (): string => {
  const { machine, node, load, rounds, budget } = scaling.readTable()
  return `${machine}; Node ${node}; load at the beginning ${load}; medians of ${rounds} rounds of ${budget} ms, in turns.`
}

/** The parts of the page about the engine. */
export const measured = async (): Promise<ReadonlyMap<string, string>> =>
  new Map([
    ['ulp', ulpTable()],
    ['soak', soakTable()],
    ['scaling', circumstances()],
  ])
