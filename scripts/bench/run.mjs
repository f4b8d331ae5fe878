#!/usr/bin/env node
// Runs the cases of cases.mjs and prints one table. Arguments choose cases by a part of their name.
import { cpus, loadavg } from 'node:os'
import { cases } from './cases.mjs'
import { quantile } from './measure.mjs'

const rounds = Math.max(20, Number(process.env.DOORSTEP_BENCH_ROUNDS ?? 20))
const wanted = process.argv.slice(2)
const rows = []
let missed = 0

for (const { name, measure } of cases) {
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue
  console.error(`… ${name}`)
  for (const [i, result] of (await measure(rounds)).entries())
    rows.push(asRow(i === 0 ? name : '', result))
}

const head = ['what', 'who', 'median', 'p99', 'n', 'ratio', 'budget', '']
const load = loadavg().map((value) => value.toFixed(1))
console.log(`${new Date().toISOString()} · ${cpus().length} × ${cpus()[0].model} · load ${load}\n`)
console.log(
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n'),
)
process.exit(missed > 0 ? 1 : 0)

/** One line of the table. The ratio is of medians. */
function asRow(what, { who, samples, unit = 'ms', against, budget }) {
  const median = quantile(samples, 0.5)
  const p99 = quantile(samples, 0.99)
  const ratio = against && median / quantile(against, 0.5)
  const kept = budget && keeps(budget, { median, p99, ratio })
  if (kept === false) missed += 1
  return [
    what,
    who,
    show(median, unit),
    show(p99, unit),
    samples.length,
    ratio ? `${ratio.toFixed(ratio < 0.2 ? 3 : 2)} ×` : '',
    budget ? describe(budget, unit) : '',
    kept === undefined ? '' : kept ? 'ok' : 'OVER',
  ]
}

function keeps(budget, measured) {
  return Object.entries(budget).every(([name, most]) => measured[name] <= most)
}

function describe({ ratio, p99, median }, unit) {
  if (ratio !== undefined) return `≤ ${ratio} ×`
  return p99 !== undefined ? `p99 ≤ ${p99} ${unit}` : `≤ ${median} ${unit}`
}

function show(value, unit) {
  return `${value < 10 ? value.toFixed(3) : value.toFixed(1)} ${unit}`
}
