import * as E from 'fp-ts/lib/Either.js'
import { invalid, showInvalid } from '../../../spec/vocabulary/invalid.js'
import type { Finding } from '../../theory/check/check.js'
import type { TrialOptions } from '../../theory/check/options.js'
import type { Reference } from '../module.js'
import type { CheckInput, Loaded } from './message.js'
import { type Lost, openThread, type Thread } from './thread.js'

/** A law that was to be tried and was not. */
export interface NotTried {
  readonly law: string
  readonly verdict: 'not tried'
  readonly reason: string
}

export type Found = Finding | NotTried

/** What to check, and how long. */
export interface Order {
  readonly reference: Reference
  readonly only: string | undefined
  readonly trial: TrialOptions & { readonly seed: number; readonly timeLimit: number }
}

export interface Events {
  readonly onLoaded: (loaded: Loaded) => void
  readonly onLaw: (law: string) => void
  readonly onFound: (found: Found) => void
}

/** Seconds until a worker runs, on a machine that has much else to do. */
const startup = 60

/** After so many laws that cost a worker its life the others are not tried. */
const patience = 3

/** The seconds that one case may take: once a rule was seen to hang there is less to wait for. */
export const silence = (timeLimit: number, lost: number): number =>
  lost === 0 ? timeLimit : Math.min(timeLimit, Math.max(1, timeLimit / 10))

/** The indices of laws in the order to try them: the cases of machines say most of a rule that hangs or throws. */
const order = (laws: ReadonlyArray<string>): ReadonlyArray<number> => {
  const ofMachines = (i: number): boolean => laws[i]?.startsWith('machine.') ?? false
  const all = [...laws.keys()]
  return [...all.filter(ofMachines), ...all.filter((i) => !ofMachines(i))]
}

type Opened = { readonly thread: Thread; readonly loaded: Loaded }

const open = async (
  entry: URL,
  { reference, only, trial }: Order,
): Promise<E.Either<ReadonlyArray<string>, Opened>> => {
  const input: CheckInput = { reference, only }
  const thread = openThread(entry, input)
  const started = await thread.next(startup)
  const reply = started.report === 'started' ? await thread.next(trial.timeLimit) : started
  if (reply.report === 'loaded') return E.right({ thread, loaded: reply.loaded })
  thread.close()
  if (reply.report === 'unfit') return E.left(reply.errors)
  const because = reply.report === 'lost' ? reply.because : reply.report
  return E.left([
    showInvalid(invalid(reference.module, undefined, `a module that can be imported (${because})`)),
  ])
}

const foundLost = (law: string, seed: number, { because, cases, given }: Lost): Finding => ({
  law,
  verdict: 'refuted',
  runs: cases,
  seed,
  path: '',
  given,
  violation: because,
})

/**
 * Puts the rule of a module to its laws, in a worker. A law that does not come to an end, or that ends the worker, is
 * refuted by the case that it was at; a new worker goes on with the next law.
 *
 * @returns what the module holds, or what is wrong with it.
 */
export const examine = async (
  entry: URL,
  given: Order,
  { onLoaded, onLaw, onFound }: Events,
): Promise<E.Either<ReadonlyArray<string>, Loaded>> => {
  const { trial } = given
  const first = await open(entry, given)
  if (E.isLeft(first)) return first
  const { loaded } = first.right
  const { laws, notClaimed } = loaded
  onLoaded(loaded)
  let thread: Thread | null = first.right.thread
  let lost = 0
  let reason = `it hung, or ended its process, at ${patience} laws before`
  for (const index of order(laws)) {
    const law = laws[index] ?? ''
    onLaw(law)
    if (thread === null && lost < patience) {
      const again = await open(entry, given)
      if (E.isRight(again)) thread = again.right.thread
      else {
        lost = patience
        reason = `the module could not be imported again: ${again.left.join('; ')}`
      }
    }
    if (thread === null) {
      onFound({ law, verdict: 'not tried', reason })
      continue
    }
    const reply = await thread.next(silence(trial.timeLimit, lost), { index, trial })
    if (reply.report === 'judged') onFound(reply.judgement)
    else if (reply.report === 'lost') {
      lost++
      thread = null
      onFound(foundLost(law, trial.seed, reply))
    } else {
      thread.close()
      return E.left(reply.report === 'unfit' ? reply.errors : [reply.report])
    }
  }
  thread?.close()
  for (const found of notClaimed) onFound(found)
  return E.right(loaded)
}
