import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import * as E from 'fp-ts/lib/Either.js'
import { claimRows } from '../../spec/law/claimRows.js'
import type { Judgement } from '../../spec/law/judge.js'
import { showInvalid } from '../../spec/vocabulary/invalid.js'
import { printFlat } from '../../spec/vocabulary/print.js'
import { show } from '../rule/rule.js'
import { candidateOf } from '../theory/check/candidate.js'
import { checkLaw, chosenLaws, notClaimed } from '../theory/check/check.js'
import type { CheckInput, CheckJob, CheckReport } from './check/message.js'
import { importReference } from './module.js'

const send = (report: CheckReport): void => parentPort?.postMessage(report)

/** Imports the module and tries one law after the other, until the thread is ended. */
const serve = async ({ reference, only }: CheckInput): Promise<void> => {
  // A promise that is returned for a step is found out as such; that it is rejected besides must not end the thread.
  process.on('unhandledRejection', () => undefined)
  send({ report: 'started' })
  const exported = await importReference(reference)
  if (E.isLeft(exported)) return send({ report: 'unfit', errors: [showInvalid(exported.left)] })
  const candidate = candidateOf(exported.right)
  if (E.isLeft(candidate)) return send({ report: 'unfit', errors: candidate.left.map(showInvalid) })
  const { rule, claims } = candidate.right
  const laws = chosenLaws(claims, only)
  if (E.isLeft(laws)) return send({ report: 'unfit', errors: laws.left.map(showInvalid) })
  parentPort?.on('message', ({ index, trial }: CheckJob) => {
    const law = laws.right[index]
    if (law === undefined) return
    try {
      const judgement = checkLaw(rule, law, trial, (given) => send({ report: 'case', given }))
      // A state may hold what no message carries.
      const plain: Judgement = JSON.parse(JSON.stringify(judgement))
      send({ report: 'judged', judgement: plain })
    } catch (error) {
      send({ report: 'unfit', errors: [error instanceof Error ? error.message : String(error)] })
    }
  })
  send({
    report: 'loaded',
    loaded: {
      rule: show(rule),
      claims: claims.map((claim) => printFlat('claim', claimRows, claim)),
      laws: laws.right.map(({ id }) => id),
      notClaimed: only === undefined ? notClaimed(claims) : [],
    },
  })
}

if (!isMainThread) void serve(workerData as CheckInput)
