/**
 * What to do next on the way back over an iteration $y_{t+1} = s_t(y_t)$ of which only some states are held. Slot 0 holds
 * $y_0$; a later slot is filled from the one before it.
 */
export type Action =
  /** Run from $y_{from}$, in the slot before, to $y_{to}$, and hold that in `slot`. */
  | { readonly _tag: 'Hold'; readonly from: number; readonly to: number; readonly slot: number }
  /** Run from $y_{from}$, in `slot`, to $y_{step}$, and go back over step number `step`. */
  | { readonly _tag: 'Reverse'; readonly from: number; readonly step: number; readonly slot: number }

/**
 * How far to run before the next state is held, for `length` steps and `slots` slots, the one they start from included.
 *
 * With $\beta(s, k) = \binom{s + k}{k}$, the number of steps that can be gone back over from $s$ slots when none is run more
 * than $k$ times, take the $k$ with $\beta(s, k - 1) < length \le \beta(s, k)$. The work is least wherever the part before
 * the new state has between $\beta(s, k - 2)$ and $\beta(s, k - 1)$ steps and the part after it between
 * $\beta(s - 1, k - 1)$ and $\beta(s - 1, k)$; this is the last such place.
 */
const split = (length: number, slots: number): number => {
  let before = 1
  let k = 1
  for (let reach = slots + 1; reach < length; reach = (reach * (slots + k)) / k) {
    before = reach
    k += 1
  }
  const after = (before * slots) / (slots + k - 1)
  return Math.min(before, length - after)
}

/**
 * The order in which to go back over `steps` steps with at most `slots` states held: the binomial schedule, which runs the
 * fewest steps that any can. As many slots as steps hold everything and run each step once; one slot starts over for every
 * step.
 *
 * @cite griewank2000
 */
export function* schedule(steps: number, slots: number): Generator<Action, void> {
  const held = [0]
  for (let end = steps; end > 0; ) {
    const from = held[held.length - 1] ?? 0
    const slot = held.length - 1
    const free = slots - held.length
    if (end - from === 1 || free === 0) {
      end -= 1
      yield { _tag: 'Reverse', from, step: end, slot }
      if (end === from) held.pop()
    } else {
      const to = from + split(end - from, free + 1)
      held.push(to)
      yield { _tag: 'Hold', from, to, slot: slot + 1 }
    }
  }
}

/** The fewest slots with which the schedule runs no step more than twice: about $\sqrt{2 n}$ for $n$ steps. */
export const slotsForTwice = (steps: number): number => {
  let slots = 1
  while ((slots + 1) * (slots + 2) < 2 * steps) slots += 1
  return slots
}
