/**
 * A transport of somebody else: ranks that know one another by messages over ports alone, as they would over sockets. Rank 0
 * collects, adds in order, and sends the result back to all.
 */
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { type Communicator, PeerLost, sumInOrder } from 'steplaw/replica'

/** The next message of a port, or an error if its other end was closed. */
const next = (port: MessagePort, rank: number): Promise<Float64Array> =>
  new Promise((resolve, reject) => {
    const closed = (): void => reject(new PeerLost(rank, 'it closed its port'))
    port.once('close', closed)
    port.once('message', (values: Float64Array) => {
      port.off('close', closed)
      resolve(values)
    })
  })

/** Communicators over ports, and a function that closes all of them. */
export const overPorts = (
  size: number,
): { readonly ranks: ReadonlyArray<Communicator>; readonly close: () => void } => {
  const channels = Array.from({ length: size - 1 }, () => new MessageChannel())
  const towards = channels.map(({ port1 }) => port1)
  const close = (): void => {
    for (const port of towards) port.close()
  }

  const root: Communicator['allReduce'] = async (values) => {
    const others = await Promise.all(towards.map((port, i) => next(port, i + 1)))
    const sum = sumInOrder([values, ...others])
    for (const port of towards) port.postMessage(sum)
    return sum
  }
  const leaf =
    (port: MessagePort): Communicator['allReduce'] =>
    async (values) => {
      const answer = next(port, 0)
      port.postMessage(values)
      return answer
    }

  const communicator = (rank: number, allReduce: Communicator['allReduce']): Communicator => ({
    rank,
    size,
    allReduce,
    // A sum of which all others are zero; -0 + 0 would be 0, but -0 + -0 is -0.
    broadcast: (values, from) => allReduce(rank === from ? values : values.map(() => -0)),
    barrier: async () => {
      await allReduce(new Float64Array(0))
    },
    leave: close,
  })
  const ranks = [communicator(0, root), ...channels.map(({ port2 }, i) => communicator(i + 1, leaf(port2)))]
  return { ranks, close }
}
