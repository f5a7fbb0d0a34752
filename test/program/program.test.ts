import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import {
  ask,
  chain,
  done,
  map,
  type Program,
  programMonad,
  replay,
  runAsync,
  runSync,
  runWithTranscript,
  sequence,
} from 'steplaw'
import { describe, expect, it } from 'vitest'

/** A program over numbers as data: a sum of constants and of answers to questions. */
type Plan = ReadonlyArray<{ readonly ask: number } | { readonly add: number }>

const plans = (): fc.Arbitrary<Plan> =>
  fc.array(
    fc.oneof(
      fc.integer({ min: -9, max: 9 }).map((add) => ({ add })),
      fc.integer({ min: 0, max: 9 }).map((question) => ({ ask: question })),
    ),
    { maxLength: 6 },
  )

const build =
  (plan: Plan) =>
  (from: number): Program<number, number, number> =>
    plan.reduce<Program<number, number, number>>(
      (program, part) =>
        chain(program, (n) =>
          'add' in part ? done(n + part.add) : ask(part.ask, (a: number) => done(n + a)),
        ),
      done(from),
    )

/** Answers depend on how many questions came before, so that the order of questions shows. */
const oracle = (): ((question: number) => number) => {
  let asked = 0
  return (question) => 100 * question + asked++
}

const run = (program: Program<number, number, number>) => runWithTranscript(program, oracle())

const same = (a: Program<number, number, number>, b: Program<number, number, number>): void =>
  expect(run(a)).toEqual(run(b))

describe('Program is a monad', () => {
  it('under the name that it has in the table of kinds', () =>
    expect(programMonad.URI).toBe('steplaw/Program'))

  const { of, chain: bind } = programMonad

  it('left identity, right identity, associativity: the same value and the same questions', () => {
    fc.assert(
      fc.property(plans(), plans(), plans(), fc.integer(), (p, q, r, n) => {
        const [f, g, h] = [build(p), build(q), build(r)]
        same(bind(of<number, number, number>(n), f), f(n))
        same(
          bind(f(n), (a) => of(a)),
          f(n),
        )
        same(
          bind(bind(f(n), g), h),
          bind(f(n), (a) => bind(g(a), h)),
        )
      }),
    )
  })

  it('map and ap are those of chain', () => {
    fc.assert(
      fc.property(plans(), fc.integer(), (p, n) => {
        const program = build(p)(n)
        const double = (a: number): number => 2 * a
        same(
          map(program, double),
          chain(program, (a) => done(double(a))),
        )
        same(programMonad.ap(done(double), program), map(program, double))
      }),
    )
  })
})

describe('the interpreters', () => {
  it('agree, whether answers come at once or later', async () => {
    await fc.assert(
      fc.asyncProperty(plans(), fc.integer(), async (p, n) => {
        const program = build(p)(n)
        const now = runSync(program, oracle())
        const answer = oracle()
        expect(await runAsync(program, (q) => Promise.resolve(answer(q)))).toBe(now)
      }),
    )
  })

  it('replay any prefix of a transcript to where the rest goes on', () => {
    fc.assert(
      fc.property(plans(), fc.integer(), fc.nat(), (p, n, cut) => {
        const program = build(p)(n)
        const { value, transcript } = run(program)
        const known = transcript.slice(0, cut % (transcript.length + 1))
        const rest = replay(
          program,
          known.map(({ answer }) => answer),
        )
        if (E.isLeft(rest)) throw new Error('the transcript fits')
        const left = transcript.slice(known.length)
        let at = 0
        expect(runSync(rest.right, () => left[at++]?.answer ?? Number.NaN)).toBe(value)
        expect(replay(program, [...transcript.map(({ answer }) => answer), 0])).toEqual(
          E.left(transcript.length),
        )
      }),
    )
  })

  it('ask from first to last in a sequence', () => {
    const asks = [3, 1, 2].map((q) => ask(q, (a: number) => done(a)))
    expect(runWithTranscript(sequence(asks), (q) => q).transcript.map(({ question }) => question)).toEqual([
      3, 1, 2,
    ])
  })

  it('do not grow the stack with the number of questions', () => {
    const count = (left: number): Program<number, number, number> =>
      left === 0 ? done(0) : ask(left, () => count(left - 1))
    expect(runSync(count(100_000), (q) => q)).toBe(0)
  })
})
