import Table from 'cli-table3'
import { titles } from './inputs.js'
import type { Result } from './race.js'

/** An engine in one setting, by words. */
export const columnOf = ({
  engine,
  threads,
  mode,
  variant,
}: Pick<Result, 'engine' | 'threads' | 'mode' | 'variant'>): string =>
  [
    mode === 'fast' ? `${engine} fast` : engine,
    ...(threads === 1 ? [] : [`${threads} threads`]),
    ...(variant === undefined ? [] : [variant]),
  ].join(', ')

const digits = (x: number): string => (x === 0 ? '0' : Number(x.toPrecision(3)).toString())

/** What counts as rounding: the library is held to more than its peers. */
const ROUNDING = { exact: 1e-9, fast: 1e-9, float64: 1e-6, float32: 1e-3 }

/** Whether the gradient is another one, not only a rounded one. */
export const isWrong = (result: Result): boolean =>
  result.gradientError !== null && !(result.gradientError <= ROUNDING[result.mode])

/** The engine whose times all others are divided by. */
const yardstickOf = (results: ReadonlyArray<Result>): string | null =>
  ['torch', 'plain-js'].find((name) => results.some(({ engine }) => engine === name)) ?? null

const grid = (results: ReadonlyArray<Result>, title: string, cell: (result: Result) => string): string => {
  const columns = [...new Set(results.map(columnOf))]
  const table = new Table({
    head: [title, ...columns],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', ...columns.map(() => 'right' as const)],
  })
  for (const workload of new Set(results.map((result) => result.workload))) {
    const row = columns.map((column) => {
      const found = results.find((result) => result.workload === workload && columnOf(result) === column)
      return found === undefined ? '' : found.error === undefined ? cell(found) : 'failed'
    })
    table.push([`${workload}: ${titles[workload]}`, ...row])
  }
  return table.toString()
}

/** Times with ratios, first calls and errors, for reading. */
export const show = (results: ReadonlyArray<Result>): string => {
  const yardstick = yardstickOf(results)
  const unit = new Map(
    results.flatMap(({ workload, engine, threads, ms }) =>
      engine === yardstick && threads === 1 && ms !== null ? [[workload, ms]] : [],
    ),
  )
  const time = (result: Result): string => {
    const one = unit.get(result.workload)
    const ratio = one === undefined || result.ms === null ? '' : ` (${digits(result.ms / one)})`
    return `${digits(result.ms ?? Number.NaN)}${ratio}${isWrong(result) ? ' !' : ''}`
  }
  const failures = results.flatMap((result) =>
    result.error === undefined ? [] : [`${columnOf(result)} failed on ${result.workload}: ${result.error}`],
  )
  return [
    grid(results, yardstick === null ? 'ms a call' : `ms a call (over ${yardstick}, 1 thread)`, time),
    results.some(isWrong) ? '! another gradient than the others give: its time means nothing' : '',
    grid(results, 'first call, ms', ({ firstMs }) => digits(firstMs ?? Number.NaN)),
    grid(results, 'error of the gradient', ({ gradientError }) =>
      (gradientError ?? Number.NaN).toExponential(1),
    ),
    ...failures,
  ]
    .filter((part) => part !== '')
    .join('\n')
}
