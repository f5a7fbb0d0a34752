#!/usr/bin/env node
import {
  binary,
  command,
  flag,
  number,
  oneOf,
  option,
  optional,
  positional,
  restPositionals,
  runSafely,
  string,
  subcommands,
} from 'cmd-ts'
import { check } from './command/check.js'
import { conform } from './command/conform.js'
import { type ExitCode, err, out } from './command/exit.js'
import { list, sectionNames } from './command/list.js'
import { verify } from './command/verify.js'

/** A worker beside this file, in the sources as in a bundle. */
const beside = (worker: string): URL => new URL(import.meta.url.replace(/main(\.\w+)$/, `${worker}$1`))

const json = flag({ long: 'json', description: 'JSON lines on standard output' })

/** Something is wrong with the command line itself. */
const usage = (message: string): ExitCode => {
  err(`error: ${message}`)
  return 2
}

const runCommand = command({
  name: 'run',
  description: 'Executes the runs of an experiment, or of several, on worker threads.',
  args: {
    experiments: restPositionals({
      type: string,
      displayName: 'experiment',
      description:
        'a JSON file, or a module with an experiment as default export (which is executed); several share a report',
    }),
    out: option({ long: 'out', type: optional(string), description: 'the folder for results' }),
    resume: flag({ long: 'resume', description: 'go on from what --out holds' }),
    threads: option({
      long: 'threads',
      type: optional(number),
      description: 'worker threads (default: all cores)',
    }),
    json,
    writeDraws: option({
      long: 'write-draws',
      type: optional(string),
      description: 'write the draws out, so that others can reproduce the runs',
    }),
    report: flag({ long: 'report', description: 'also write index.html to --out' }),
  },
  handler: async (options): Promise<ExitCode> => {
    if (options.experiments.length === 0) return usage('run needs an experiment')
    if (options.resume && options.out === undefined) return usage('--resume needs --out')
    if (options.report && options.out === undefined) return usage('--report needs --out')
    const { threads } = options
    if (threads !== undefined && !(Number.isSafeInteger(threads) && threads >= 1))
      return usage(`--threads is ${threads}, expected an integer >= 1`)
    // Plots are slow to load, and no other command needs them.
    const { run } = await import('./command/run.js')
    return run(options, beside('worker'))
  },
})

const conformCommand = command({
  name: 'conform',
  description: 'Puts golden vectors to this library and prints the cases that fail.',
  args: {
    paths: restPositionals({
      type: string,
      displayName: 'vectors',
      description: 'case files, or folders of them',
    }),
    only: option({ long: 'only', type: optional(string), description: 'one kind of cases, such as rule' }),
    json,
  },
  handler: (options): ExitCode =>
    options.paths.length === 0 ? usage('conform needs at least one file or folder') : conform(options),
})

const checkCommand = command({
  name: 'check',
  description: 'Puts a rule to the laws of every rule and to those of what is claimed of it.',
  args: {
    module: positional({
      type: string,
      displayName: 'module#export',
      description: 'a module (which is executed) that exports { rule, claims? }; without #export its default',
    }),
    runs: option({ long: 'runs', type: optional(number), description: 'cases a law (default: 300)' }),
    seed: option({ long: 'seed', type: optional(number), description: 'of all laws (default: a fresh one)' }),
    only: option({ long: 'only', type: optional(string), description: 'the id of the one law to be tried' }),
    path: option({
      long: 'path',
      type: optional(string),
      description: 'where a case was found: with --only and --seed it is tried again',
    }),
    timeLimit: option({
      long: 'time-limit',
      type: optional(number),
      description:
        'seconds: a case that takes longer hangs, and after them no case of a law is begun (default: 10)',
    }),
    verbose: flag({
      long: 'verbose',
      description: 'every law on a line of its own, every refuted one in full',
    }),
    json,
  },
  handler: (options): Promise<ExitCode> => check(options, beside('checkWorker')),
})

const verifyCommand = command({
  name: 'verify',
  description:
    'Tries theorems on generated problems with known constants: on the rules and methods of the library, on a rule of yours, or on an estimator of hypergradients.',
  args: {
    module: positional({
      type: optional(string),
      displayName: 'module#export',
      description:
        'a module (which is executed) that exports a rule, { rule, claims? } or an estimator; without it, the rules and methods of the library',
    }),
    rule: option({
      long: 'rule',
      type: optional(string),
      description: 'a rule expression as JSON, instead of a module',
    }),
    estimator: option({
      long: 'estimator',
      type: optional(string),
      description: 'an estimator of hypergradients as JSON, instead of a module',
    }),
    theorem: option({
      long: 'theorem',
      type: optional(string),
      description: 'the id of a theorem or of one statement (steplaw list theorems)',
    }),
    problems: option({
      long: 'problems',
      type: optional(number),
      description: 'problems for each statement (default: 100)',
    }),
    seed: option({
      long: 'seed',
      type: optional(number),
      description: 'of all problems (default: a fresh one)',
    }),
    path: option({
      long: 'path',
      type: optional(string),
      description: 'where a problem was found: with the id of the statement and --seed it is tried again',
    }),
    json,
  },
  handler: (options): Promise<ExitCode> => verify(options),
})

const listCommand = command({
  name: 'list',
  description: 'Lists what can be named in files.',
  args: {
    section: positional({ type: optional(oneOf(sectionNames)), displayName: 'section' }),
    json,
  },
  handler: ({ section, json: asJson }): ExitCode => list(section, asJson),
})

const steplaw = binary(
  subcommands({
    name: 'steplaw',
    description: 'Step-size rules: experiments, laws, conformance, vocabulary.',
    cmds: {
      run: runCommand,
      check: checkCommand,
      verify: verifyCommand,
      conform: conformCommand,
      list: listCommand,
    },
  }),
)

const main = async (): Promise<void> => {
  const result = await runSafely(steplaw, process.argv)
  if (result._tag === 'ok') {
    process.exitCode = await result.value.value
    return
  }
  const { exitCode, message, into } = result.error.config
  if (into === 'stdout') out(message)
  else err(message)
  // What the parser refuses is bad usage; help that was asked for is not.
  process.exitCode = exitCode === 0 ? 0 : 2
}

main().catch((error: unknown) => {
  err(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  process.exitCode = 1
})
