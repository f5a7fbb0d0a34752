import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { buildSync } from 'esbuild'
import { afterAll, onTestFinished } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The command line from the sources, bundled once for each test file: starting it costs a third of a second then. */
const bundled = join(root, `node_modules/.cache/steplaw-cli-${process.pid}`)
buildSync({
  absWorkingDir: root,
  entryPoints: ['main', 'worker', 'checkWorker']
    .map((name) => `src/cli/${name}.ts`)
    .concat('src/entry/steplaw.ts', 'src/entry/bilevel.ts'),
  outdir: bundled,
  entryNames: '[name]',
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
})
afterAll(() => rmSync(bundled, { recursive: true, force: true }))

/** The library that the command line uses, for modules that a test writes to import. */
export const library = pathToFileURL(join(bundled, 'steplaw.mjs')).href
export const bilevelLibrary = pathToFileURL(join(bundled, 'bilevel.mjs')).href

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

const ended = (command: string, args: ReadonlyArray<string>, cwd: string): Ended => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  return { code: status, stdout, stderr }
}

/** Runs the command line in a process of its own. */
export const steplaw = (...args: ReadonlyArray<string>): Ended => steplawIn(root, ...args)

/** The same, in a folder. */
export const steplawIn = (cwd: string, ...args: ReadonlyArray<string>): Ended =>
  ended(process.execPath, [join(bundled, 'main.mjs'), ...args], cwd)

/** Has a shell read a line that begins with `steplaw`, in a folder. */
export const shell = (line: string, cwd: string): Ended => {
  const command = [process.execPath, join(bundled, 'main.mjs')].map((path) => `'${path}'`).join(' ')
  return ended('sh', ['-c', `steplaw() { ${command} "$@"; }\n${line}`], cwd)
}

/** A folder of this test's own, removed when it is over. */
export const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'steplaw-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Writes JSON into a folder and gives the path. */
export const jsonFile = (inFolder: string, name: string, value: unknown): string => {
  const path = join(inFolder, name)
  writeFileSync(path, JSON.stringify(value))
  return path
}

/** A small experiment: two families on a stochastic quadratic, every field recorded. */
export const experiment = {
  format: 'steplaw-experiment/1',
  id: 'small',
  objective: {
    objective: 'quadratic',
    A: [
      [
        [4, 0],
        [0, 1],
      ],
      [
        [1, 0],
        [0, 0.25],
      ],
      [
        [2, 1],
        [1, 2],
      ],
    ],
    b: [
      [1, 0],
      [-1, 2],
      [0.5, 0.25],
    ],
  },
  start: { normal: 2, seed: 3 },
  draws: { batch: 2, replace: true, seed: 4 },
  iterations: 40,
  record: {
    every: 3,
    fields: ['value', 'step', 'because', 'probes', 'evaluations', 'x', 'gradientNorm', 'train', 'test'],
  },
  runs: [
    { name: 'constant', rule: { rule: 'constant' }, sweep: { 'rule.step': [0.01, 0.1, 'Infinity'] } },
    {
      name: 'search',
      rule: { rule: 'armijo', start: { rule: 'last', initial: 3, factor: 2 } },
      direction: { direction: 'adam', beta1: 0.9, beta2: 0.99, eps: 1e-8 },
    },
    {
      name: 'decreasing',
      rule: {
        rule: 'product',
        of: [
          { rule: 'power', initial: 1, exponent: 0.5 },
          { rule: 'runningMin', of: { rule: 'polyak' } },
        ],
      },
      direction: { direction: 'momentum', mu: 0.5 },
    },
  ],
}
