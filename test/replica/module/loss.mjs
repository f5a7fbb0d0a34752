/** Objectives that threads load by name: `#square` is one; the others fail in a way of their own at some call. */
let calls = 0

const answer = ({ x, hyperparameters: { weight = 1 } }) => ({
  value: (weight * x.reduce((sum, xi) => sum + xi * xi, 0)) / 2,
  gradient: x.map((xi) => weight * xi),
})

export const square = answer

/** Answers later. */
export const late = async (point) => answer(point)

/** Which of the threads is asked is told by its batch. */
const isVictim = (point) => point.batch !== null && point.batch[0] === 1

const failing = (fail) => (point) => {
  if (!isVictim(point)) return answer(point)
  calls += 1
  return calls === 8 ? fail() : answer(point)
}

/** Ends the thread in its eighth iteration, as it stands. */
export const dies = failing(() => process.exit(3))
/** Throws. */
export const throws = failing(() => {
  throw new RangeError('no such row')
})
/** Never answers, and does not let go of its thread. */
export const hangs = failing(() => {
  for (;;);
})
/** Promises an answer that nobody will give. */
export const forgets = failing(() => new Promise(() => {}))

export const number = 3
