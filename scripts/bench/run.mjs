#!/usr/bin/env node
// Runs the cases of cases.mjs and prints one table. Arguments choose cases by a part of their name.
import { cases } from './cases.mjs'
import { interleave, quantile } from './measure.mjs'

const rounds = Math.max(20, Number(process.env.DOORSTEP_BENCH_ROUNDS ?? 20))
const wanted = process.argv.slice(2)
const rows = []
let broken = 0

for (const { name, prepare, unit = 'ms', limit } of cases) {
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue
  const { ours, against, done } = await prepare()
  try {
    const contestants = against ? [ours, against] : [ours]
    const samples = await interleave(contestants, rounds)
    const medians = samples.map((values) => quantile(values, 0.5))
    const ratio = against ? medians[0] / medians[1] : undefined
    contestants.forEach(({ label }, i) => {
      const tail = quantile(samples[i], 0.99)
      const kept = i > 0 || !limit || keeps(limit, { median: medians[0], p99: tail, ratio })
      if (!kept) broken += 1
      const verdict = i > 0 || !limit ? '' : `${kept ? '✓' : '✗'} ${describe(limit, unit)}`
      const times = i === 0 && ratio !== undefined ? `${ratio.toFixed(2)} ×` : ''
      rows.push([
        i === 0 ? name : '',
        label,
        show(medians[i], unit),
        show(tail, unit),
        samples[i].length,
        times,
        verdict,
      ])
    })
  } finally {
    await done?.()
  }
}

const head = ['what', 'who', 'median', 'p99', 'n', 'ratio', 'budget']
console.log(
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n'),
)
process.exit(broken > 0 ? 1 : 0)

function keeps({ ratio, p99, median }, measured) {
  if (ratio !== undefined && measured.ratio > ratio) return false
  if (p99 !== undefined && measured.p99 > p99) return false
  return median === undefined || measured.median <= median
}

function describe({ ratio, p99, median }, unit) {
  if (ratio !== undefined) return `≤ ${ratio} ×`
  return p99 !== undefined ? `p99 ≤ ${p99} ${unit}` : `≤ ${median} ${unit}`
}

function show(value, unit) {
  return `${value < 10 ? value.toFixed(3) : value.toFixed(1)} ${unit}`
}
