#!/usr/bin/env node
// Holds the shape of the workspace: who may depend on what. See ARCHITECTURE.md.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const cargo = (...args) => execFileSync('cargo', args, { encoding: 'utf8', maxBuffer: 1 << 28 })

/** Heavy crates, and the only packages that may name them. */
const OWNERS = {
  tauri: ['doorstep'],
  rusqlite: ['doorstep-store', 'doorstep-hub'],
  reqwest: ['doorstep-sync'],
  axum: ['doorstep-hub'],
  printpdf: ['doorstep-ticket'],
  image: ['doorstep-photo'],
}

/** The direction of the crates. A package that is not named here is a mistake. */
const LEAVES = ['doorstep-domain']
const MAY_USE = {
  'doorstep-domain': [],
  'doorstep-store': LEAVES,
  'doorstep-photo': LEAVES,
  'doorstep-ticket': LEAVES,
  'doorstep-orders': LEAVES,
  'doorstep-sync': [...LEAVES, 'doorstep-store'],
  'doorstep-app': [
    ...LEAVES,
    'doorstep-store',
    'doorstep-photo',
    'doorstep-ticket',
    'doorstep-orders',
    'doorstep-sync',
  ],
  'doorstep-hub': [...LEAVES, 'doorstep-orders'],
  doorstep: [...LEAVES, 'doorstep-app'],
  'doorstep-stories': null, // the stories may use everything
}

/** Features that nobody may switch on, because they unify across the workspace. */
const BANNED_FEATURES = {
  printpdf: ['html', 'text_layout'],
  rusqlite: ['bundled-sqlcipher-vendored-openssl'],
}

const faults = []
const { packages } = JSON.parse(cargo('metadata', '--format-version', '1', '--no-deps'))
for (const { name, dependencies } of packages) {
  if (!(name in MAY_USE)) {
    faults.push(`${name} has no place in scripts/check-deps.mjs`)
    continue
  }
  // a test may use what it checks with; the rules are about what ships
  for (const { name: used, kind } of dependencies) {
    if (kind === 'dev') continue
    if (used in OWNERS && !OWNERS[used].includes(name))
      faults.push(`${name} names ${used}; only ${OWNERS[used].join(', ')} may`)
    if (used.startsWith('doorstep-') && MAY_USE[name] && !MAY_USE[name].includes(used))
      faults.push(`${name} uses ${used}`)
  }
}

const tree = cargo(
  'tree',
  '--workspace',
  '--edges',
  'normal,build',
  '--prefix',
  'none',
  '--format',
  '{p}|{f}',
)
for (const line of new Set(tree.split('\n'))) {
  const [crate, features = ''] = line.split('|')
  const name = crate.split(' ')[0]
  for (const banned of BANNED_FEATURES[name] ?? [])
    if (features.split(',').some((feature) => feature.trim() === banned))
      faults.push(`${name} is built with ${banned}`)
}

// the sabotages of the simulation are compiled where debug assertions are: no build that ships may have them
for (const file of ['Cargo.toml', '.cargo/config.toml'])
  if (/^\s*debug-assertions\s*=\s*true/m.test(readFileSync(file, 'utf8')))
    faults.push(`${file} turns debug assertions on`)

for (const fault of faults) console.error(`✗ ${fault}`)
process.exit(faults.length > 0 ? 1 : 0)
