import * as E from 'fp-ts/lib/Either.js'
import type { Program } from './program.js'

/**
 * Runs a program against a function that answers at once.
 *
 * @throws whatever `answer` throws.
 * @category Program
 * @since 0.1.0
 * @example
 * ```ts
 * import { ask, done, runSync } from 'steplaw'
 *
 * runSync(ask(2, (n: number) => done(n)), (n) => n * n) // => 4
 * ```
 */
export const runSync = <Q, R, A>(program: Program<Q, R, A>, answer: (question: Q) => R): A => {
  let at = program
  while (at._tag === 'Ask') at = at.next(answer(at.question))
  return at.value
}

/**
 * Runs a program against a function that answers later: another process, a remote objective.
 *
 * @returns a promise that rejects as `answer` does.
 * @category Program
 * @since 0.1.0
 * @example
 * ```ts
 * import { ask, done, runAsync } from 'steplaw'
 *
 * const later = (n: number) => Promise.resolve(n + 1)
 * await runAsync(ask(2, (n: number) => done(n)), later) // => 3
 * ```
 */
export const runAsync = async <Q, R, A>(
  program: Program<Q, R, A>,
  answer: (question: Q) => R | Promise<R>,
): Promise<A> => {
  let at = program
  while (at._tag === 'Ask') at = at.next(await answer(at.question))
  return at.value
}

/**
 * Runs a program and writes down every question with its answer: with the program, the transcript is all that another
 * machine needs to come to the same place (see {@link replay}).
 *
 * @category Program
 * @since 0.1.0
 * @example
 * ```ts
 * import { ask, done, runWithTranscript } from 'steplaw'
 *
 * const { transcript } = runWithTranscript(ask(2, (n: number) => done(n)), (n) => n * n)
 * transcript // => [{ question: 2, answer: 4 }]
 * ```
 */
export const runWithTranscript = <Q, R, A>(
  program: Program<Q, R, A>,
  answer: (question: Q) => R,
): {
  readonly value: A
  readonly transcript: ReadonlyArray<{
    readonly question: Q
    readonly answer: R
  }>
} => {
  const transcript: Array<{ readonly question: Q; readonly answer: R }> = []
  const value = runSync(program, (question) => {
    const given = answer(question)
    transcript.push({ question, answer: given })
    return given
  })
  return { value, transcript }
}

/**
 * A program moved forward by answers given earlier. What is left either is done or asks the next question.
 *
 * @returns `Left(n)` if the program was done after `n` answers and more were given.
 * @category Program
 * @since 0.1.0
 * @example
 * ```ts
 * import { ask, done, replay } from 'steplaw'
 *
 * replay(ask('a', (n: number) => done(n)), [5]) // => { _tag: 'Right', right: { _tag: 'Done', value: 5 } }
 * replay(done(1), [5]) // => { _tag: 'Left', left: 0 }
 * ```
 */
export const replay = <Q, R, A>(
  program: Program<Q, R, A>,
  answers: ReadonlyArray<R>,
): E.Either<number, Program<Q, R, A>> => {
  let at = program
  for (const [index, answer] of answers.entries()) {
    if (at._tag === 'Done') return E.left(index)
    at = at.next(answer)
  }
  return E.right(at)
}
