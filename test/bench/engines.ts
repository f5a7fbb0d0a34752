import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from './player.js'

/** An engine in one setting, and how to start it; what cannot be started says why. */
export interface Engine {
  readonly engine: string
  readonly threads: number
  /** `exact` gives the same bits everywhere, `fast` is the same without that; the others say what numbers they compute with. */
  readonly mode: 'exact' | 'fast' | 'float64' | 'float32'
  /** In what it differs from an engine of the same name, threads and mode. */
  readonly variant?: string
  readonly command: Command | { readonly absent: string }
}

const here = import.meta.dirname

/** A file of this folder in Node, started as this process was. */
const node = (
  file: string,
  options: { given?: ReadonlyArray<string>; executable?: string } = {},
): Command => ({
  file: options.executable ?? process.execPath,
  arguments: [...process.execArgv, join(here, file), ...(options.given ?? [])],
})

const succeeds = (file: string, given: ReadonlyArray<string>, environment: NodeJS.ProcessEnv): boolean =>
  spawnSync(file, given, { env: environment, stdio: 'ignore' }).status === 0

/** PyTorch computes with the settings of its own choice; threads that wait do not take the cores from the others. */
const torch = (threads: number, python: string | null): Engine => ({
  engine: 'torch',
  threads,
  mode: 'float64',
  command:
    python === null
      ? { absent: 'no Python here imports torch; $STEPLAW_PYTHON may name one' }
      : {
          file: python,
          arguments: [join(here, 'peers/pytorch.py'), String(threads)],
          environment: {
            ...plainEnvironment(),
            OMP_NUM_THREADS: String(threads),
            OPENBLAS_NUM_THREADS: String(threads),
            ...(threads > 1 ? { OMP_WAIT_POLICY: 'passive', GOMP_SPINCOUNT: '0' } : {}),
          },
        },
})

const plainEnvironment = (): NodeJS.ProcessEnv => {
  const { OPENBLAS_CORETYPE: _type, OPENBLAS_L2_SIZE: _size, ...rest } = process.env
  return rest
}

const findPython = (): string | null =>
  [process.env.STEPLAW_PYTHON, 'python3', '/usr/bin/python3'].find(
    (python): python is string =>
      python !== undefined && python !== '' && succeeds(python, ['-c', 'import torch'], plainEnvironment()),
  ) ?? null

/** A Node of at least this version: this one, those of $STEPLAW_NODES, or one installed beside the peers. */
const findNode = (least: number): string | null => {
  const recent = (executable: string): boolean =>
    succeeds(
      executable,
      ['-e', `process.exit(parseInt(process.versions.node) >= ${least} ? 0 : 1)`],
      process.env,
    )
  const modules = join(here, 'peers/node_modules')
  const installed = entriesOf(modules)
    .filter((name) => name.startsWith('node-') && name !== 'node-fetch')
    .map((name) => join(modules, name, 'bin/node'))
  const named = process.env.STEPLAW_NODES?.split(':').filter((file) => file !== '') ?? []
  return [process.execPath, ...named, ...installed].find(recent) ?? null
}

const entriesOf = (folder: string): ReadonlyArray<string> => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** The library in fast mode, which depends on the runtime: on this one, and on a Node 24; and with a BLAS. */
const fast = (node24: string | null): ReadonlyArray<Engine> => {
  const player = (
    variant: string,
    kind: 'fast' | 'blas',
    executable: string | null,
    threads = 2,
  ): Engine => ({
    engine: 'steplaw',
    threads,
    mode: 'fast',
    ...(variant === '' ? {} : { variant }),
    command:
      executable === null
        ? { absent: 'there is no Node 24 here; npm install in test/bench/peers brings one' }
        : node('players/steplaw.ts', { given: [kind, String(threads)], executable }),
  })
  const here = process.execPath
  return [
    player('', 'fast', here, 1),
    player('', 'fast', here),
    player('BLAS', 'blas', here),
    ...(node24 === here ? [] : [player('Node 24', 'fast', node24)]),
  ]
}

/** All engines whose name is wanted, in the order of the columns; looks for interpreters of other languages only then. */
export const engines = (wanted: (engine: string) => boolean): ReadonlyArray<Engine> => {
  const python = wanted('torch') ? findPython() : null
  const node24 = wanted('jax-js') || wanted('steplaw') ? findNode(24) : null
  const all: ReadonlyArray<Engine> = [
    ...[1, 2].map(
      (threads): Engine => ({
        engine: 'steplaw',
        threads,
        mode: 'exact',
        command: node('players/steplaw.ts', { given: ['exact', String(threads)] }),
      }),
    ),
    ...fast(node24),
    {
      engine: 'interpreter',
      threads: 1,
      mode: 'exact',
      command: node('players/steplaw.ts', { given: ['interpreter'] }),
    },
    { engine: 'plain-js', threads: 1, mode: 'float64', command: node('players/plain.js') },
    { engine: 'tfjs-wasm', threads: 1, mode: 'float32', command: node('peers/tfjs.js') },
    {
      engine: 'jax-js',
      threads: 1,
      mode: 'float64',
      command:
        node24 === null
          ? { absent: 'there is no Node 24 here; npm install in test/bench/peers brings one' }
          : node('peers/jax.js', { executable: node24 }),
    },
    torch(1, python),
    torch(2, python),
  ]
  return all.filter(({ engine }) => wanted(engine))
}

export const engineNames = ['steplaw', 'interpreter', 'plain-js', 'tfjs-wasm', 'jax-js', 'torch']
