// The one door to the Rust side. Pages take it with `useBackend()`; only `tauri.ts` knows the shell.
import { inject, provide, type App, type InjectionKey } from 'vue'
import type {
  Actor,
  ApproveMany,
  AssessCommand,
  AssessHome,
  AssessOpen,
  AssessSign,
  Boot,
  Claim,
  Code,
  Command,
  ConsentRequest,
  DraftPack,
  EnrolProfile,
  DeskDay,
  DeskPage,
  DeskQuery,
  DeskReach,
  DeskSubmission,
  GearView,
  FollowQuery,
  ImportDone,
  ImportPreview,
  IssueCommand,
  IssueDraft,
  IssuePage,
  IssueSource,
  IssueView,
  KitView,
  NewPenalty,
  NewIssue,
  NewPlan,
  NewProfile,
  NewStars,
  NewVerdict,
  OrderDetail,
  PackMoveView,
  PackShelf,
  PhoneReveal,
  PhotoTarget,
  PlanCommand,
  PlanPage,
  PlanView,
  PreviewAsk,
  PreviewView,
  Refusal,
  Settings,
  SignRequest,
  StaffCardView,
  StaffCards,
  StorageStatus,
  Strokes,
  SyncNews,
  SyncPanel,
  TemporaryOrder,
  TicketFile,
  TodayPage,
  TodayQuery,
  VisitParts,
  VisitView,
} from './types'

export type * from './types'

/** What the Rust side can be asked for. Every rejection is a {@link Refusal}. */
export interface Backend {
  boot(): Promise<Boot>
  startDemo(): Promise<Boot>
  startReal(profile: NewProfile): Promise<Boot>
  unlock(passphrase: string): Promise<Boot>
  leaveDemo(): Promise<Boot>
  saveSettings(settings: Settings): Promise<Settings>
  changePin(old: string, fresh: string): Promise<void>
  today(query: TodayQuery): Promise<TodayPage>
  orderDetail(order: string): Promise<OrderDetail>
  /** Shows the whole number; the look is logged. */
  revealPhone(order: string): Promise<PhoneReveal>
  /** Opens the order's visit or goes on with it; a new one when the last one ended. */
  openVisit(order: string): Promise<VisitView>
  visit(visit: string): Promise<VisitView>
  /** Resolves when the tap is durable; the answer replaces the page's view. */
  act(visit: string, command: Command): Promise<VisitView>
  customerSign(visit: string, request: SignRequest): Promise<VisitView>
  /** The customer's answer to the statement of one item. */
  consentSign(visit: string, request: ConsentRequest): Promise<VisitView>
  /** 我的装备: every piece that a standard asks for, as it stands today. */
  gear(): Promise<GearView[]>
  /** A piece taken into use, replaced or tested on `since` (`2026-05-03`). */
  recordGear(piece: string, since: string): Promise<GearView[]>
  technicianSign(visit: string, strokes: Strokes): Promise<VisitView>
  addPhoto(visit: string, target: PhotoTarget, file: Uint8Array): Promise<VisitView>
  /** The JPEG of a photo or thumbnail. */
  photo(visit: string, sha256: string): Promise<ArrayBuffer>
  /** A kit check of today, or with a claim one made on paper; answers the kits of its day. */
  checkKit(
    kit: KitView,
    missing: string[],
    reason: string | null,
    claim: Claim | null,
  ): Promise<KitView[]>
  /** Takes the tablet back from the customer. */
  endHandover(visit: string, pin: string): Promise<VisitView>
  importPreview(name: string, file: Uint8Array): Promise<ImportPreview>
  importCommit(token: string): Promise<ImportDone>
  /** Answers the new order's stream. */
  newTemporaryOrder(order: TemporaryOrder): Promise<string>
  ticket(visit: string): Promise<TicketFile>
  /** Answers the path the file was saved to. */
  saveTicket(visit: string): Promise<string>
  printTicket(visit: string): Promise<void>
  /** What going on under the version that the walk offers would change. */
  packChanges(visit: string): Promise<PackMoveView>
  /** Goes on under it; `hash` names the one whose changes were shown. */
  movePack(visit: string, hash: string): Promise<VisitView>
  /** 服务规范: those on this tablet. */
  packShelf(): Promise<PackShelf>
  /** A standard as the technician sees it; nothing of it is stored. */
  preview(ask: PreviewAsk): Promise<PreviewView>
  /** Reads a standard that is being written: its mistakes, or what `preview` then shows. */
  readDraft(name: string, file: Uint8Array): Promise<DraftPack>
  /** The phase the technician was last on. */
  place(visit: string): Promise<string | null>
  rememberPlace(visit: string, place: string): Promise<void>
  storageStatus(): Promise<StorageStatus>
  /** First start with a code from the office, which knows the name. */
  startEnrolled(profile: EnrolProfile): Promise<Boot>
  /** Connects a profile that is alone, or that the server does not know any more. */
  enrol(address: string, code: string, deviceName: string): Promise<SyncPanel>
  syncPanel(): Promise<SyncPanel>
  /** 现在重试: wakes the sync; the answer tells how it stands now, not when it is through. */
  syncNow(): Promise<SyncPanel>
  /** Tells `listener` whenever something moved; answers how to stop that. */
  onSync(listener: (news: SyncNews) => void): () => void
  visitParts(visit: string): Promise<VisitParts>
  /** A page of the lead's queue. */
  desk(query: DeskQuery): Promise<DeskPage>
  deskDay(): Promise<DeskDay>
  /** Asks the server for 30 days more of the team's records; they arrive by themselves. */
  deskEarlier(): Promise<DeskReach>
  /** Names of the pictures that the ticket of a submission prints and that are not here. */
  deskTicketMissing(visit: string, submission: number): Promise<string[]>
  /** The ticket of a submission; what is not here is left out, and the ticket says so. */
  deskTicket(visit: string, submission: number): Promise<TicketFile>
  /** Brings a picture of a visit here. */
  fetchPicture(visit: string, sha256: string): Promise<void>
  /** A visit as it was submitted the `submission`-th time. */
  deskSubmission(visit: string, submission: number): Promise<DeskSubmission>
  /** Resolves when the verdict is durable; a verdict that came too late is in the answer and does not stand. */
  giveVerdict(verdict: NewVerdict): Promise<DeskSubmission>
  /** Approves all open ones without a flag, but for `percent` of them, which are picked for a full read. */
  approveUnflagged(percent: number): Promise<ApproveMany>
  /** Writes all rows of the query as CSV; answers the path the file was saved to. */
  deskExport(query: DeskQuery): Promise<string>
  /** 技能考核: the list, forms and people to begin with. Leads and admins only, as all of these. */
  assessHome(): Promise<AssessHome>
  assessBegin(form: string, candidate: Actor): Promise<AssessOpen>
  assessment(id: string): Promise<AssessOpen>
  /** Resolves when the tap is durable; the answer replaces the page's view. */
  assessAct(id: string, command: AssessCommand): Promise<AssessOpen>
  assessSign(id: string, request: AssessSign): Promise<AssessOpen>
  /** The score sheet as it stands. */
  assessSheet(id: string): Promise<TicketFile>
  /** Answers the path the file was saved to. */
  saveAssessSheet(id: string): Promise<string>
  printAssessSheet(id: string): Promise<void>
  /** 员工卡 */
  staffCards(): Promise<StaffCards>
  staffCard(person: Actor): Promise<StaffCardView>
  recordPenalty(person: Actor, penalty: NewPenalty): Promise<StaffCardView>
  awardStars(person: Actor, stars: NewStars): Promise<StaffCardView>
  /** A page of the open issues 未了的事, or of the filed ones. */
  issues(query: FollowQuery): Promise<IssuePage>
  /** A page of the follow-up plans 回访计划, or of those that are through. */
  plans(query: FollowQuery): Promise<PlanPage>
  /** What an issue's form begins with. */
  issueDraft(source: IssueSource): Promise<IssueDraft>
  raiseIssue(issue: NewIssue): Promise<IssueView>
  actOnIssue(issue: string, command: IssueCommand): Promise<IssueView>
  /** Makes a plan; the month's five, one for each month. */
  makePlan(plan: NewPlan): Promise<PlanView[]>
  actOnPlan(plan: string, command: PlanCommand): Promise<PlanView>
  /** The whole number behind an issue or a plan; the look is logged. */
  followPhone(stream: string): Promise<PhoneReveal>
}

const key: InjectionKey<Backend> = Symbol('backend')

/** Plugin: `app.use(withBackend(backend))`, in tests `global: { plugins: [withBackend(fake)] }`. */
export function withBackend(backend: Backend): { install(app: App): void } {
  return { install: (app) => app.provide(key, backend) }
}

/** Another backend for everything below this component. */
export function provideBackend(backend: Backend): void {
  provide(key, backend)
}

/** The backend of this app. */
export function useBackend(): Backend {
  const backend = inject(key)
  if (!backend) throw new Error('no backend was provided')
  return backend
}

/** A typed "no". */
export function refuse(code: Code, params: Record<string, string> = {}): Refusal {
  return { code, params }
}

/** Reads any rejection as a refusal; what is not one is a defect of ours. */
export function refusalOf(error: unknown): Refusal {
  if (typeof error === 'object' && error !== null && 'code' in error) {
    const { code, params } = error as { code: unknown; params?: unknown }
    if (typeof code === 'string') {
      return { code: code as Code, params: (params ?? {}) as Refusal['params'] }
    }
  }
  return refuse('internal')
}
