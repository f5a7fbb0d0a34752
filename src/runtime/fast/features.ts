import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { Module } from '../assembler/module.js'
import { webAssembly } from '../assembler/webassembly.js'
import { findBlas, openBlas } from '../thread/blas.js'
import { platform } from '../thread/builtin.js'
import { setFlag } from '../thread/flags.js'
import { EXACT, type Feature, type Machine } from './machine.js'
import { agrees, isFaster } from './probe.js'

/** A feature that a machine may have. */
export interface Candidate {
  readonly feature: Feature
  /** The machine with it, or why it can not have it. */
  readonly add: (machine: Machine) => E.Either<string, Machine>
  /** So many times as fast must large products be with it at least. */
  readonly gain: number
}

/** A machine that has passed its checks. */
export interface Fast {
  readonly machine: Machine
  readonly features: ReadonlyArray<Feature>
  /** Why others are missing. */
  readonly notices: ReadonlyArray<string>
}

/** The last V8 that lacks each feature, or has it behind a flag. */
const [LAST_WITHOUT_WIDE, RELAXED_BEHIND_FLAG] = [12, 11]

const wide: Candidate = {
  feature: 'wide',
  gain: 1.1,
  add: (machine) => {
    const { v8, arch } = platform()
    return v8 > LAST_WITHOUT_WIDE && arch === 'x64'
      ? E.right({ ...machine, wide: true })
      : E.left('this runtime makes no wide vectors')
  },
}

const hasFused = (): boolean => {
  const module = new Module({ fused: true })
  module.function('probe', [], [], (code) => {
    code.addProduct(code.local('v128'), () => code.f64x2(0).f64x2(0))
  })
  return webAssembly()?.validate(module.binary({ shared: true })) ?? false
}

const fma: Candidate = {
  feature: 'fma',
  gain: 0,
  add: (machine) => {
    if (!hasFused() && platform().v8 === RELAXED_BEHIND_FLAG) setFlag('experimental-wasm-relaxed-simd')
    return hasFused()
      ? E.right({ ...machine, fused: true })
      : E.left('this runtime has no relaxed vector instructions')
  },
}

/** From here on a library is faster than what is emitted. */
const [LEAST, SHORTEST] = [2 ** 18, 16]

/** @param wanted - the path of the library; true for the first of the usual ones. */
const blas = (wanted: string | true): Candidate => ({
  feature: 'blas',
  gain: wanted === true ? 1.1 : 0,
  add: (machine) =>
    pipe(
      wanted === true ? findBlas() : openBlas(wanted),
      E.map((library) => ({ ...machine, blas: { library, least: LEAST, shortest: SHORTEST } })),
    ),
})

/** Whether what a machine computes has the bits of the interpreter. */
const isExact = ({ fused, blas: library }: Machine): boolean => !fused && library === null

const checked = (machine: Machine, { add, gain }: Candidate): E.Either<string, Machine> =>
  pipe(
    add(machine),
    E.filterOrElse(
      (next) => agrees(next, isExact(next)),
      () => 'it does not compute what the interpreter computes',
    ),
    E.filterOrElse(
      (next) => gain === 0 || isFaster(next, machine, gain),
      () => 'products are no faster with it',
    ),
  )

const next = (fast: Fast, candidate: Candidate): Fast => {
  const { feature } = candidate
  const found = checked(fast.machine, candidate)
  if (E.isRight(found)) return { ...fast, machine: found.right, features: [...fast.features, feature] }
  return { ...fast, notices: [...fast.notices, `${feature}: ${found.left}`] }
}

/** Adds one feature after the other to a machine, each if it passes its check. */
export const choose = (candidates: ReadonlyArray<Candidate>, from: Fast): Fast =>
  candidates.reduce(next, from)

/** Nothing but what every runtime has. */
export const PLAIN: Fast = { machine: EXACT, features: [], notices: [] }

/** What was found out already: it stays so while the process runs. */
const known = new Map<string | boolean, Fast>()

const remembered = (library: string | boolean, find: () => Fast): Fast => {
  const found = known.get(library) ?? find()
  known.set(library, found)
  return found
}

/** The machine that this runtime allows for, with a library if one is wanted. */
export const fastMachine = (library: string | boolean): Fast => {
  const own = remembered(false, () => choose([wide, fma], PLAIN))
  return library === false ? own : remembered(library, () => choose([blas(library)], own))
}
