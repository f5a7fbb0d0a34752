/** What a thread of `trainOnThreads` does: one replica. */
import { objectiveOf } from '../optimizer/implementation.js'
import type { Objective } from '../problem/oracle.js'
import type { Communicator } from '../runtime/communicator/communicator.js'
import { serveCrew } from '../runtime/thread/crew.js'
import { type SharedJournal, writeState } from '../runtime/thread/journal.js'
import { importExport } from '../runtime/thread/module.js'
import { type AsyncReplicaOracle, iterateReplica, type ReplicasState } from './driver.js'
import { pack } from './pack.js'
import { plannedMethod, type ReplicaPlan } from './plan.js'

/** What every rank is given. */
export interface WorkerInput {
  readonly plan: ReplicaPlan
  readonly from: ReplicasState
  readonly iterations: number
  readonly journal: SharedJournal
}

const isObjective = (u: unknown): u is Objective =>
  typeof u === 'object' && u !== null && 'valueAndGradient' in u && typeof u.valueAndGradient === 'function'

const isOracle = (u: unknown): u is AsyncReplicaOracle => typeof u === 'function'

const load = async (objective: ReplicaPlan['objective']): Promise<Objective | AsyncReplicaOracle> => {
  if (!('module' in objective)) return objectiveOf(objective)
  const exported = await importExport(objective.module)
  if (isObjective(exported) || isOracle(exported)) return exported
  throw new RangeError(`${objective.module}: got ${typeof exported}, expected an objective or a function`)
}

const work = async (
  communicator: Communicator,
  { plan, from, iterations, journal }: WorkerInput,
): Promise<void> => {
  const { rank } = communicator
  const objective = await load(plan.objective)
  const method = plannedMethod(plan, typeof objective === 'function' ? undefined : objective.components)
  const run = iterateReplica(communicator, objective, method, from)
  for (let number = 1; number <= iterations - from.k; number += 1) {
    const { value } = await run.next()
    writeState(journal, rank, number, pack(method, value.state), value.record.loss)
  }
}

serveCrew((communicator, input) => work(communicator, input as WorkerInput))
