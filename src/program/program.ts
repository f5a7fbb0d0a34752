import type { Monad3 } from 'fp-ts/lib/Monad.js'

/**
 * A computation that may ask before it answers: either it is done with a value, or it asks a question and goes on
 * with the answer. It holds no reference to whoever answers, so the same program runs against a function, a promise, a
 * worker, a wire or a transcript.
 *
 * @category Program
 * @since 0.1.0
 */
export type Program<Q, R, A> = Done<A> | Ask<Q, R, A>

/**
 * A finished {@link Program}.
 *
 * @category Program
 * @since 0.1.0
 */
export interface Done<A> {
  readonly _tag: 'Done'
  readonly value: A
}

/**
 * A {@link Program} that waits for an answer.
 *
 * @category Program
 * @since 0.1.0
 */
export interface Ask<Q, R, A> {
  readonly _tag: 'Ask'
  readonly question: Q
  readonly next: (answer: R) => Program<Q, R, A>
}

/**
 * The program that asks nothing and answers `value`.
 *
 * @category Program
 * @since 0.1.0
 * @example
 * ```ts
 * import { done } from 'steplaw'
 *
 * done(3) // => { _tag: 'Done', value: 3 }
 * ```
 */
export const done = <A>(value: A): Done<A> => ({ _tag: 'Done', value })

/**
 * The program that asks one question and goes on with `next`.
 *
 * @category Program
 * @since 0.1.0
 * @example
 * ```ts
 * import { ask, done, runSync } from 'steplaw'
 *
 * const program = ask('two', (n: number) => done(n + 1))
 * runSync(program, (word) => (word === 'two' ? 2 : 0)) // => 3
 * ```
 */
export const ask = <Q, R, A>(question: Q, next: (answer: R) => Program<Q, R, A>): Program<Q, R, A> => ({
  _tag: 'Ask',
  question,
  next,
})

/**
 * Goes on with a second program that may depend on the value of the first.
 *
 * @category Program
 * @since 0.1.0
 * @example
 * ```ts
 * import { ask, chain, done, runSync } from 'steplaw'
 *
 * const read = (key: string) => ask(key, (n: number) => done(n))
 * const sum = chain(read('a'), (a) => chain(read('b'), (b) => done(a + b)))
 * runSync(sum, (key) => key.length) // => 2
 * ```
 */
export const chain = <Q, R, A, B>(
  program: Program<Q, R, A>,
  f: (a: A) => Program<Q, R, B>,
): Program<Q, R, B> =>
  program._tag === 'Done'
    ? f(program.value)
    : {
        _tag: 'Ask',
        question: program.question,
        next: (answer) => chain(program.next(answer), f),
      }

/**
 * Changes the value of a program, not its questions.
 *
 * @category Program
 * @since 0.1.0
 * @example
 * ```ts
 * import { done, map } from 'steplaw'
 *
 * map(done(2), (n) => n + 1) // => { _tag: 'Done', value: 3 }
 * ```
 */
export const map = <Q, R, A, B>(program: Program<Q, R, A>, f: (a: A) => B): Program<Q, R, B> =>
  program._tag === 'Done'
    ? done(f(program.value))
    : {
        _tag: 'Ask',
        question: program.question,
        next: (answer) => map(program.next(answer), f),
      }

/**
 * Answers every question of a program by another program: the same computation, asking for something else.
 *
 * @category Program
 * @since 0.1.0
 * @example
 * ```ts
 * import { ask, done, runSync, translate } from 'steplaw'
 *
 * const cube = ask(2, (n: number) => done(n ** 3))
 * const named = translate(cube, (n) => ask(`twice ${n}`, (answer: number) => done(answer)))
 * runSync(named, (question) => (question === 'twice 2' ? 4 : 0)) // => 64
 * ```
 */
export const translate = <Q, R, S, T, A>(
  program: Program<Q, R, A>,
  by: (question: Q) => Program<S, T, R>,
): Program<S, T, A> =>
  program._tag === 'Done'
    ? program
    : chain(by(program.question), (answer) => translate(program.next(answer), by))

/**
 * Runs programs one after the other, first to last, and collects their values.
 *
 * @category Program
 * @since 0.1.0
 * @example
 * ```ts
 * import { done, sequence } from 'steplaw'
 *
 * sequence([done(1), done(2)]) // => { _tag: 'Done', value: [1, 2] }
 * ```
 */
export const sequence = <Q, R, A>(
  programs: ReadonlyArray<Program<Q, R, A>>,
): Program<Q, R, ReadonlyArray<A>> => {
  const from = (index: number, values: ReadonlyArray<A>): Program<Q, R, ReadonlyArray<A>> => {
    const program = programs[index]
    return program === undefined ? done(values) : chain(program, (a) => from(index + 1, [...values, a]))
  }
  return from(0, [])
}

/**
 * The name of {@link Program} among fp-ts' higher kinds.
 *
 * @category Program
 * @since 0.1.0
 * @example
 * ```ts
 * import { programMonad, URI } from 'steplaw'
 *
 * programMonad.URI === URI // => true
 * ```
 */
export const URI = 'steplaw/Program'

/**
 * The name of {@link Program} among fp-ts' higher kinds.
 *
 * @category Program
 * @since 0.1.0
 */
export type URI = typeof URI

// Types only: at run time there is no such file.
declare module 'fp-ts/HKT.js' {
  interface URItoKind3<R, E, A> {
    readonly 'steplaw/Program': Program<R, E, A>
  }
}

/**
 * The fp-ts instance: `of` asks nothing, `chain` asks in order.
 *
 * @category Program
 * @since 0.1.0
 * @example
 * ```ts
 * import { done, programMonad } from 'steplaw'
 *
 * programMonad.ap(done((n: number) => n + 1), done(2)) // => { _tag: 'Done', value: 3 }
 * ```
 */
export const programMonad: Monad3<URI> = {
  URI,
  of: done,
  map,
  ap: (programF, program) => chain(programF, (f) => map(program, f)),
  chain,
}
