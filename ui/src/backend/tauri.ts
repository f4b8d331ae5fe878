// The only file that talks to the shell.
import { invoke, type InvokeArgs, type InvokeOptions } from '@tauri-apps/api/core'
import { listen } from '@tauri-apps/api/event'
import { refusalOf, type Backend, type Boot, type SyncNews } from '.'

async function call<T>(command: string, args?: InvokeArgs, options?: InvokeOptions): Promise<T> {
  try {
    return await invoke<T>(command, args, options)
  } catch (error) {
    throw refusalOf(error)
  }
}

declare global {
  interface Window {
    /** The answer to the first question, which the shell asks while the page is still loading. */
    __DOORSTEP_BOOT__?: Promise<{ boot: Boot } | { refusal: unknown }>
  }
}

/** The first answer is on its way already; later ones are asked for. */
async function boot(): Promise<Boot> {
  const asked = window.__DOORSTEP_BOOT__
  delete window.__DOORSTEP_BOOT__
  if (!asked) return call('boot')
  const answer = await asked
  if ('refusal' in answer) throw refusalOf(answer.refusal)
  return answer.boot
}

/** The shell's word that something moved. It registers in the background; who stops before that is never told. */
function onSync(listener: (news: SyncNews) => void): () => void {
  let stopped = false
  const registered = listen<SyncNews>('sync', ({ payload }) => {
    if (!stopped) listener(payload)
    // without news the panel still asks whenever it is opened
  }).catch(() => () => undefined)
  return () => {
    stopped = true
    void registered.then((stop) => stop())
  }
}

// headers carry ASCII only
const header = (value: string): string => encodeURIComponent(value)

/** The Rust side behind Tauri's bridge. */
export const tauriBackend: Backend = {
  boot,
  startDemo: () => call('start_demo'),
  startReal: (profile) => call('start_real', { profile }),
  unlock: (passphrase) => call('unlock', { passphrase }),
  leaveDemo: () => call('leave_demo'),
  saveSettings: (settings) => call('save_settings', { settings }),
  changePin: (old, fresh) => call('change_pin', { old, new: fresh }),
  today: (query) => call('today', { query }),
  orderDetail: (order) => call('order_detail', { order }),
  revealPhone: (order) => call('reveal_phone', { order }),
  openVisit: (order) => call('open_visit', { order }),
  visit: (visit) => call('visit', { visit }),
  act: (visit, command) => call('act', { visit, command }),
  customerSign: (visit, request) => call('customer_sign', { visit, request }),
  consentSign: (visit, request) => call('consent_sign', { visit, request }),
  gear: () => call('gear'),
  recordGear: (piece, since) => call('record_gear', { piece, since }),
  technicianSign: (visit, strokes) => call('technician_sign', { visit, strokes }),
  addPhoto: (visit, target, file) =>
    call('add_photo', file, {
      headers: { visit: header(visit), target: header(JSON.stringify(target)) },
    }),
  photo: (visit, sha256) => call('photo', { visit, sha256 }),
  checkKit: ({ pack, kit, members }, missing, reason, claim) => {
    const present = members.map((m) => m.id).filter((id) => !missing.includes(id))
    const check = { pack, kit, present, missing, reason }
    return claim ? call('check_kit_late', { ...check, claim }) : call('check_kit', check)
  },
  endHandover: (visit, pin) => call('end_handover', { visit, pin }),
  importPreview: (name, file) => call('import_preview', file, { headers: { name: header(name) } }),
  importCommit: (token) => call('import_commit', { token }),
  newTemporaryOrder: (order) => call('new_temporary_order', { order }),
  ticket: (visit) => call('ticket', { visit }),
  saveTicket: (visit) => call('save_ticket', { visit }),
  printTicket: (visit) => call('print_ticket', { visit }),
  packChanges: (visit) => call('pack_changes', { visit }),
  movePack: (visit, hash) => call('move_pack', { visit, hash }),
  packShelf: () => call('pack_shelf'),
  preview: (ask) => call('preview', { ask }),
  readDraft: (name, file) => call('read_draft', file, { headers: { name: header(name) } }),
  place: (visit) => call('place', { visit }),
  rememberPlace: (visit, place) => call('remember_place', { visit, place }),
  storageStatus: () => call('storage_status'),
  startEnrolled: (profile) => call('start_enrolled', { profile }),
  enrol: (address, code, deviceName) => call('enrol', { address, code, deviceName }),
  syncPanel: () => call('sync_panel'),
  syncNow: () => call('sync_now'),
  onSync,
  visitParts: (visit) => call('visit_parts', { visit }),
  desk: (query) => call('desk', { query }),
  deskDay: () => call('desk_day'),
  deskEarlier: () => call('desk_earlier'),
  deskTicketMissing: (visit, submission) => call('desk_ticket_missing', { visit, submission }),
  deskTicket: (visit, submission) => call('desk_ticket', { visit, submission }),
  fetchPicture: (visit, sha256) => call('fetch_picture', { visit, sha256 }),
  deskSubmission: (visit, submission) => call('desk_submission', { visit, submission }),
  giveVerdict: (verdict) => call('judge', { verdict }),
  approveUnflagged: (percent) => call('approve_unflagged', { percent }),
  deskExport: (query) => call('desk_export', { query }),
  assessHome: () => call('assess_home'),
  assessBegin: (form, candidate) => call('assess_begin', { form, candidate }),
  assessment: (id) => call('assessment', { id }),
  assessAct: (id, command) => call('assess_act', { id, command }),
  assessSign: (id, request) => call('assess_sign', { id, request }),
  assessSheet: (id) => call('assess_sheet', { id }),
  saveAssessSheet: (id) => call('save_assess_sheet', { id }),
  printAssessSheet: (id) => call('print_assess_sheet', { id }),
  staffCards: () => call('staff_cards'),
  staffCard: (person) => call('staff_card', { person }),
  recordPenalty: (person, penalty) => call('record_penalty', { person, penalty }),
  awardStars: (person, stars) => call('award_stars', { person, stars }),
  issues: (query) => call('issues', { query }),
  plans: (query) => call('plans', { query }),
  issueDraft: (source) => call('issue_draft', { source }),
  raiseIssue: (issue) => call('raise_issue', { issue }),
  actOnIssue: (issue, command) => call('act_on_issue', { issue, command }),
  makePlan: (plan) => call('make_plan', { plan }),
  actOnPlan: (plan, command) => call('act_on_plan', { plan, command }),
  followPhone: (stream) => call('follow_phone', { stream }),
}
