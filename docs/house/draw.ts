/** Draws the house as an SVG whose colours read on a light page and on a dark one alike. */
import { ROOMS, type Room } from './rooms.js'

const BOX = { width: 216, height: 48 }
const GAP = { across: 28, down: 28 }
const MARGIN = 8
const TOP = Math.max(...ROOMS.map(({ at }) => at[1]))
const SIZE = {
  width: 3 * BOX.width + 2 * GAP.across + 2 * MARGIN,
  height: (TOP + 1) * BOX.height + TOP * GAP.down + 2 * MARGIN,
}

const corner = ({ at: [column, row] }: Room): { readonly x: number; readonly y: number } => ({
  x: MARGIN + column * (BOX.width + GAP.across),
  y: MARGIN + (TOP - row) * (BOX.height + GAP.down),
})

const box = (room: Room): string => {
  const { x, y } = corner(room)
  const middle = x + BOX.width / 2
  return [
    `  <rect${room.planned ? ' class="planned"' : ''} x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="7"/>`,
    `  <text class="name" x="${middle}" y="${y + 20}">${room.name}</text>`,
    `  <text x="${middle}" y="${y + 37}">${room.holds}</text>`,
  ].join('\n')
}

/** From the floor of a room to the ceiling of one below. */
const arrow = (from: Room, to: Room): string => {
  const a = corner(from)
  const b = corner(to)
  const [x1, y1] = [a.x + BOX.width / 2, a.y + BOX.height]
  const [x2, y2] = [b.x + BOX.width / 2, b.y - 5]
  const bend = (y2 - y1) * (x1 === x2 ? 0 : 0.75)
  return `  <path d="M${x1} ${y1} C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}"/>`
}

/** The picture behind `docs/guide/house.svg`. */
export const drawHouse = (): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" width="${SIZE.width}" height="${SIZE.height}" role="img">`,
    '<title>The rooms of the house; an arrow means "may import", and whoever may import a room may import what is below it</title>',
    '<style>',
    '  rect { fill: #e9f0fb; stroke: #4a74b8; stroke-width: 1.5 }',
    '  .planned { stroke-dasharray: 5 4 }',
    '  text { fill: #14233c; font: 12px system-ui, sans-serif; text-anchor: middle }',
    '  .name { font: 600 15px ui-monospace, Menlo, Consolas, monospace }',
    '  path { fill: none; stroke: #6c8cc0; stroke-width: 1.8; marker-end: url(#tip) }',
    '</style>',
    '<marker id="tip" viewBox="0 0 8 8" refX="5" refY="4" markerWidth="6" markerHeight="6" orient="auto"><path d="M0 0 L8 4 L0 8 z" style="fill: #6c8cc0; stroke: none; marker-end: none"/></marker>',
    '<g>',
    ...ROOMS.flatMap((room) =>
      ROOMS.filter(({ name }) => room.above.includes(name)).map((below) => arrow(room, below)),
    ),
    '</g>',
    '<g>',
    ...ROOMS.map(box),
    '</g>',
    '</svg>',
    '',
  ].join('\n')
