/**
 * Methods over several replicas (HDET): controllers, drivers, communicators, threads.
 *
 * @module steplaw/replica
 */
export * from '../replica/checkpoint.js'
export {
  type Controller,
  type ControllerFields,
  type ControllerState,
  controller,
  decayTo,
  lossWeights,
  type Synchronisation,
  spreadFactors,
  spreadSignal,
} from '../replica/controller.js'
export {
  drawnAssignments,
  drawnBatches,
  givenAssignments,
  givenBatches,
  noisyStarts,
} from '../replica/draws.js'
export {
  type AsyncReplicaOracle,
  iterateReplica,
  iterateReplicas,
  meanPoint,
  type ReplicaOracle,
  type ReplicaPoint,
  type ReplicasRecord,
  type ReplicasRun,
  type ReplicasState,
  replicaOracle,
  replicasInit,
  trainReplicas,
} from '../replica/driver.js'
export * from '../replica/implementation.js'
export {
  type Hyperparameters,
  hyperparameters,
  type ReplicaMethod,
  type ReplicaRecord,
  type ReplicaRequest,
  type ReplicaResponse,
  type ReplicaState,
  replicaInit,
  replicaIteration,
  type WarmUp,
} from '../replica/iteration.js'
export * from '../replica/method.js'
export * from '../replica/plan.js'
export * from '../replica/schedule.js'
export * from '../replica/threads.js'
export { type Communicator, PeerLost, sumInOrder } from '../runtime/communicator/communicator.js'
export { inProcess } from '../runtime/communicator/inProcess.js'
