/** What each part of the library makes of one multiplication, from the expression to the instruction: by running it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  Engine,
  exp,
  type IR,
  matmul,
  mul,
  show,
  simplify,
  sum,
  type Tensor,
  trace,
  type ValueType,
} from 'steplaw/autodiff'
import { EXACT } from '../../src/runtime/fast/machine.js'
import { interpret } from '../../src/runtime/interpret.js'
import { type Group, groupsOf } from '../../src/runtime/plan/band.js'
import { passOf } from '../../src/runtime/plan/cluster.js'
import { Layout } from '../../src/runtime/plan/layout.js'
import { lower } from '../../src/runtime/plan/lower.js'
import { keptOf, type Move, movesOf, readersOf, tasksOf } from '../../src/runtime/plan/move.js'
import type { Lowered, Node, Value } from '../../src/runtime/plan/node.js'
import { plan } from '../../src/runtime/plan/plan.js'
import type { Cluster, Task } from '../../src/runtime/plan/schedule.js'
import { TUNING } from '../../src/runtime/plan/tuning.js'
import { gradientProgram } from '../../src/runtime/program.js'
import { emitBarrier } from '../../src/runtime/thread/barrier.js'
import { openWorkshop } from '../../src/runtime/workshop.js'
import { fence, fitted } from '../law/markdown.js'
import { type Disassembled, disassemble } from './disassemble.js'

const ROWS = 10_000
const COLUMNS = 50

// begin: as the page shows it
const loss = (w: Tensor, X: Tensor, y: Tensor): Tensor => sum(mul(y, exp(matmul(X, w))))
// end

/** What the page needs for its program. */
const IMPORTS =
  "import { type Dense, exp, matmul, matrix, mul, sum, type Tensor, valueAndGrad } from 'steplaw/autodiff'"

const types: readonly [ValueType, ValueType, ValueType] = [
  { shape: [COLUMNS], type: 'f64' },
  { shape: [ROWS, COLUMNS], type: 'f64' },
  { shape: [ROWS], type: 'f64' },
]

const traced = trace((w, X, y) => {
  if (w === undefined || X === undefined || y === undefined) throw new RangeError('walk: three inputs')
  return loss(w, X, y)
}, types)

const differentiated = (): IR =>
  gradientProgram(
    ([w], [X, y]) => {
      if (w === undefined || X === undefined || y === undefined) throw new RangeError('walk: three inputs')
      return loss(w, X, y)
    },
    [types[0]],
    [types[1], types[2]],
  )

const operands = (node: Node): string =>
  node.inputs
    .map(({ value, access }) => (access === 'full' ? `${value}` : `${value} by ${access}`))
    .join(', ')

const showNode = (node: Node): string => {
  const made = `${node.output} = `
  switch (node.kind) {
    case 'map':
      return `${made}map ${node.primitive}(${operands(node)})  over ${node.rows} x ${node.columns}`
    case 'fold':
      return `${made}fold ${node.to}(${operands(node)})  over ${node.rows} x ${node.columns}`
    case 'product':
      return `${made}product(${operands(node)})  ${node.m} x ${node.n}, inner ${node.k}${node.transposeX ? ', first transposed' : ''}`
    case 'other':
      return `${made}${node.equation.primitive}(${operands(node)})`
  }
}

const numbers = (nodes: ReadonlyArray<Node>): string => nodes.map(({ output }) => output).join(', ')

const showGroup = (group: Group): string =>
  group.kind === 'band'
    ? `band of ${group.rows} rows, ${group.block} at a time: along ${numbers(group.along)}; across ${numbers(group.across)}`
    : `rest: ${numbers(group.nodes)}`

const showTask = (task: Task): string =>
  task.kind === 'cluster' ? `one pass over {${numbers(task.nodes)}}` : `${task.kind} ${task.output}`

const showMove = (move: Move): string =>
  move.kind === 'level'
    ? `level: ${move.tasks.map(showTask).join('; ')}`
    : `band:  ${move.along.map(showTask).join('; ')}; then for all rows of the block ${move.across.map(showTask).join('; ')}`

const must = <A>(found: A | undefined, what: string): A => {
  if (found === undefined) throw new Error(`walk: there is no ${what}`)
  return found
}

/** The pass that the multiplication is in, as the kernel emitter gets it. */
const passWith = (lowered: Lowered, moves: ReadonlyArray<Move>, value: Value) => {
  const tasks = moves.flatMap(tasksOf)
  const cluster = must(
    tasks.find(
      (task): task is Cluster =>
        task.kind === 'cluster' && task.nodes.some(({ kind, output }) => kind === 'map' && output === value),
    ),
    'pass with the multiplication',
  )
  const readers = readersOf(tasks)
  const kept = (of: Value): boolean => [...(readers.get(of) ?? [])].some((task) => task !== cluster)
  return passOf(cluster, lowered.cells, kept)
}

/** The lines from `before` lines before to `after` lines behind a place; deeper lines keep their depth. */
const excerpt = (lines: ReadonlyArray<string>, from: number, to: number): string => {
  const some = lines.slice(Math.max(0, from), to)
  const least = Math.min(...some.map((line) => /^ */.exec(line)?.[0].length ?? 0))
  return some.map((line) => line.slice(least).replace(/ {2};; label = .*/, '')).join('\n')
}

/** The last place where a vector that was just loaded is multiplied: all other factors are in local variables. */
const multiplication = (lines: ReadonlyArray<string>): number =>
  must(
    lines
      .flatMap((line, i) =>
        line.endsWith('f64x2.mul') && /v128\.load\b/.test(lines[i - 1] ?? '') ? [i] : [],
      )
      .at(-1),
    'multiplication in the kernel',
  )

/** `local.get`, `v128.load` without offset, `f64x2.mul`, in the encoding of the standard; where it last stands. */
const encoded = (binary: Uint8Array, local: number): { readonly at: number; readonly hex: string } => {
  const bytes = [0x20, local, 0xfd, 0x00, 0x03, 0x00, 0xfd, 0xf2, 0x01]
  const at = binary.findLastIndex((_, i) => bytes.every((byte, k) => binary[i + k] === byte))
  if (at < 0) throw new Error('walk: there are no such bytes in the module')
  const hex = (from: number, to: number): string =>
    bytes
      .slice(from, to)
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join(' ')
  return {
    at,
    hex: [
      `${at}: ${hex(0, 2).padEnd(12)}  local.get ${local}`,
      `${at + 2}: ${hex(2, 6).padEnd(12)}  v128.load`,
      `${at + 6}: ${hex(6, 9).padEnd(12)}  f64x2.mul`,
    ].join('\n'),
  }
}

/** The call of a kernel in `run`, with the loop around it, to the next meeting of the threads. */
const callOf = ({ functions }: Disassembled, name: string): string => {
  const lines = must(functions.get('run'), 'run')
  const call = lines.findIndex((line) => line.includes(`;; ${name}`))
  const meet = lines.findIndex((line, i) => i > call && line.includes(';; meet'))
  const loop = lines.findLastIndex((line, i) => i < call && /^\s*loop/.test(line))
  return excerpt(lines, loop, meet + 2)
}

const given = (): ReadonlyArray<Float64Array> => [
  Float64Array.from({ length: COLUMNS }, (_, j) => (j % 7) / 64 - 0.05),
  Float64Array.from({ length: ROWS * COLUMNS }, (_, i) => (i % 17) / 16 - 0.5),
  Float64Array.from({ length: ROWS }, (_, i) => (i % 5) / 4),
]

const results = (
  run: (inputs: ReadonlyArray<Float64Array>, outputs: ReadonlyArray<Float64Array>) => void,
) => {
  const outputs = [new Float64Array(1), new Float64Array(COLUMNS)]
  run(given(), outputs)
  const [value = new Float64Array(), gradient = new Float64Array()] = outputs
  return `${value[0]}  ${gradient.slice(0, 2).join('  ')}`
}

/** The same program by the interpreter and by the engine, on one thread and on two. */
const ran = async (ir: IR): Promise<string> => {
  const lines = [`interpreter  ${results(interpret(ir).run)}`]
  for (const threads of [1, 2]) {
    const engine = new Engine({ threads })
    while (engine.ready() < threads) await new Promise((resolve) => setTimeout(resolve, 5))
    lines.push(`${threads} thread${threads === 1 ? ' ' : 's'}    ${results(engine.compile(ir).run)}`)
    engine.close()
  }
  return lines.join('\n')
}

/** The listings of the page, by name. */
export const walk = async (): Promise<ReadonlyMap<string, string>> => {
  const source = readFileSync(join(import.meta.dirname, 'walk.ts'), 'utf8')
  const [, shown = ''] = /\/\/ begin.*\n([\s\S]*?)\/\/ end/.exec(source) ?? []
  const gradient = differentiated()
  const simple = simplify(gradient)
  const lowered = lower(simple)
  const groups = groupsOf(lowered, TUNING)
  const moves = groups.flatMap((group) => movesOf(lowered, group))
  const map = must(
    lowered.nodes.find((node) => node.kind === 'map' && node.primitive === 'mul'),
    'multiplication',
  )
  const { spec, reads, writes } = passWith(lowered, moves, map.output)

  const { arena, control } = openWorkshop(2 ** 24)
  const room = {
    take: (bytes: number) => arena.take(bytes),
    bound: () => null,
    pages: arena.pages,
    shared: true,
    barrier: (module: Parameters<typeof emitBarrier>[0]) => emitBarrier(module, control.at),
  }
  const planned = plan(simple, room, { tuning: TUNING, machine: EXACT })
  const code = await disassemble(planned.binary)
  const kernel = must(
    [...code.functions.keys()].find((name) => name.startsWith('map.')),
    'map kernel',
  )
  const lines = must(code.functions.get(kernel), kernel)
  const at = multiplication(lines)
  // The first parameter counts, then come the inputs.
  const local = 1 + reads.indexOf(must(map.inputs[0], 'operand').value)

  const layout = new Layout(lowered, moves, {
    bound: room.bound,
    kept: keptOf(moves, lowered.outputs),
  })
  const address = layout.addresses(planned.flag + 64)
  const names = new Map([
    ...lowered.inputs.map((value, i) => [value, ['w', 'X', 'y'][i] ?? ''] as const),
    ...lowered.outputs.map((value, i) => [value, ['value', 'gradient'][i] ?? ''] as const),
  ])
  const stored = moves.flatMap(tasksOf).flatMap((task) => (task.kind === 'cluster' ? [] : [task.output]))
  const places = [...new Set([...lowered.inputs, ...stored, ...writes, ...lowered.outputs])]
    .sort((a, b) => a - b)
    .map((value) => {
      const turn = layout.turn(value)
      const elements = must(lowered.cells[value], `value ${value}`).size
      const what = turn === null ? `${elements} doubles` : `two blocks of rows by turns, ${turn} bytes each`
      return `${String(value).padEnd(3)}${(names.get(value) ?? '').padEnd(10)}at ${String(address(value)).padEnd(9)}${what}`
    })
  const kernels = [...code.functions]
    .map(([name, body]) => `${name.padEnd(25)}${String(body.length).padStart(5)} lines`)
    .join('\n')

  return new Map<string, string>([
    ['loss', fence('ts', `${IMPORTS}\n\n${shown.trimEnd()}`)],
    ['traced', fence('text', show(traced))],
    ['gradient', fence('text', show(gradient))],
    ['simplified', fence('text', show(simple))],
    ['nodes', fence('text', lowered.nodes.map(showNode).join('\n'))],
    ['groups', fence('text', groups.map(showGroup).join('\n'))],
    ['moves', fence('text', moves.map(showMove).join('\n'))],
    ['pass', fence('json', fitted(JSON.parse(JSON.stringify(spec)), 90))],
    ['kernel', fence('wasm', excerpt(lines, at - 9, at + 9))],
    ['bytes', fence('text', encoded(planned.binary, local).hex)],
    [
      'functions',
      fence('text', `${kernels}\n\n${planned.binary.length} bytes; imported: ${code.imports.join(', ')}`),
    ],
    ['run', fence('wasm', callOf(code, kernel))],
    ['places', fence('text', places.join('\n'))],
    ['results', fence('text', await ran(simple))],
  ])
}
