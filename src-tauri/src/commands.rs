//! What the page may ask for. A command parses, calls `app`, converts the error, traces; nothing else.

use doorstep_app::assess::dto::{AssessHome, AssessOpen, AssessSign, StaffCardView, StaffCards};
use doorstep_app::desk::dto::{DeskDay, DeskPage, DeskQuery, DeskReach, DeskSubmission};
use doorstep_app::dto::{
    Boot, ImportDone, ImportPreview, NewProfile, OrderDetail, PhoneReveal, Settings, StorageStatus,
    TemporaryOrder, TicketFile, TodayPage, TodayQuery,
};
use doorstep_app::follow::{FollowQuery, IssueDraft, IssuePage, IssueSource, PlanPage};
use doorstep_app::preview::{DraftPack, PackShelf, PreviewAsk, PreviewView};
use doorstep_app::review::ApproveMany;
use doorstep_app::sync::dto::{EnrolProfile, SyncPanel, VisitParts};
use doorstep_app::{App, AppError};
use doorstep_domain::assess::decide::AssessCommand;
use doorstep_domain::code::{Code, Refusal};
use doorstep_domain::event::Actor;
use doorstep_domain::follow::{NewPlan, PlanCommand, PlanView};
use doorstep_domain::gear::GearView;
use doorstep_domain::issue::{IssueCommand, IssueView, NewIssue};
use doorstep_domain::review::NewVerdict;
use doorstep_domain::staff::{NewPenalty, NewStars};
use doorstep_domain::visit::command::{Command, SignRequest};
use doorstep_domain::visit::consent::ConsentRequest;
use doorstep_domain::visit::moving::PackMoveView;
use doorstep_domain::visit::view::{KitView, VisitView};
use doorstep_domain::visit::{Claim, PhotoTarget, Strokes};
use tauri::State;
use tauri::ipc::{InvokeBody, Request, Response};

type Answer<T> = Result<T, Refusal>;

/// Commands that only hand their arguments on.
macro_rules! pass {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $kind:ty => $given:expr),*) -> $answer:ty;)*) => {$(
        $(#[$doc])*
        #[tauri::command(async)]
        #[tracing::instrument(skip_all)]
        pub(crate) fn $name(app: State<'_, App>, $($arg: $kind),*) -> Answer<$answer> {
            app.$name($($given),*).map_err(AppError::told)
        }
    )*};
}

pass! {
    /// Which screen comes first.
    boot() -> Boot;
    /// 试用演示
    start_demo() -> Boot;
    /// 开始使用
    start_real(profile: NewProfile => &profile) -> Boot;
    /// 开始使用 with a code from the office.
    start_enrolled(profile: EnrolProfile => &profile) -> Boot;
    /// Enrols the open profile.
    enrol(address: String => &address, code: String => &code, device_name: String => &device_name) -> SyncPanel;
    /// What waits, and why.
    sync_panel() -> SyncPanel;
    /// 现在重试
    sync_now() -> SyncPanel;
    /// What of a visit the server has.
    visit_parts(visit: String => &visit) -> VisitParts;
    /// The lead's queue.
    desk(query: DeskQuery => &query) -> DeskPage;
    /// The lead's day.
    desk_day() -> DeskDay;
    /// A submission, whole.
    desk_submission(visit: String => &visit, submission: u32 => submission) -> DeskSubmission;
    /// A lead's verdict.
    judge(verdict: NewVerdict => &verdict) -> DeskSubmission;
    /// Approves what shows nothing.
    approve_unflagged(percent: u32 => percent) -> ApproveMany;
    /// 30 days more of the team's history.
    desk_earlier() -> DeskReach;
    /// What the ticket of a submission prints and is not here.
    desk_ticket_missing(visit: String => &visit, submission: u32 => submission) -> Vec<String>;
    /// The ticket of a submission.
    desk_ticket(visit: String => &visit, submission: u32 => submission) -> TicketFile;
    /// Brings a picture to this device.
    fetch_picture(visit: String => &visit, sha256: String => &sha256) -> ();
    /// The listed submissions as a file.
    desk_export(query: DeskQuery => &query) -> String;
    /// The list of assessments.
    assess_home() -> AssessHome;
    /// Begins an assessment.
    assess_begin(form: String => &form, candidate: Actor => &candidate) -> AssessOpen;
    /// An assessment.
    assessment(id: String => &id) -> AssessOpen;
    /// Does one thing in an assessment.
    assess_act(id: String => &id, command: AssessCommand => &command) -> AssessOpen;
    /// A signature of either side.
    assess_sign(id: String => &id, request: AssessSign => &request) -> AssessOpen;
    /// The score sheet.
    assess_sheet(id: String => &id) -> TicketFile;
    /// Saves the score sheet; tells where.
    save_assess_sheet(id: String => &id) -> String;
    /// Prints the score sheet.
    print_assess_sheet(id: String => &id) -> ();
    /// The list of staff cards.
    staff_cards() -> StaffCards;
    /// A staff card.
    staff_card(person: Actor => &person) -> StaffCardView;
    /// A penalty on a card.
    record_penalty(person: Actor => &person, penalty: NewPenalty => &penalty) -> StaffCardView;
    /// Stars on a card.
    award_stars(person: Actor => &person, stars: NewStars => &stars) -> StaffCardView;
    /// Opens a profile that lies under a passphrase.
    unlock(passphrase: String => &passphrase) -> Boot;
    /// Ends the demo.
    leave_demo() -> Boot;
    /// Saves settings.
    save_settings(settings: Settings => &settings) -> Settings;
    /// Changes the PIN.
    change_pin(old: String => &old, new: String => &new) -> ();
    /// A page of Today.
    today(query: TodayQuery => &query) -> TodayPage;
    /// The right side of Today.
    order_detail(order: String => &order) -> OrderDetail;
    /// The whole number.
    reveal_phone(order: String => &order) -> PhoneReveal;
    /// The visit of an order.
    open_visit(order: String => &order) -> VisitView;
    /// A visit.
    visit(visit: String => &visit) -> VisitView;
    /// Does one thing.
    act(visit: String => &visit, command: Command => &command) -> VisitView;
    /// The customer's signature.
    customer_sign(visit: String => &visit, request: SignRequest => &request) -> VisitView;
    /// The customer's answer to a statement.
    consent_sign(visit: String => &visit, request: ConsentRequest => &request) -> VisitView;
    /// 我的装备
    gear() -> Vec<GearView>;
    /// A piece taken into use, replaced or tested.
    record_gear(piece: String => &piece, since: String => &since) -> Vec<GearView>;
    /// The technician's signature.
    technician_sign(visit: String => &visit, strokes: Strokes => &strokes) -> VisitView;
    /// A kit check.
    check_kit(
        pack: String => &pack,
        kit: String => &kit,
        present: Vec<String> => &present,
        missing: Vec<String> => &missing,
        reason: Option<String> => reason
    ) -> Vec<KitView>;
    /// A kit check that was made on paper.
    check_kit_late(
        pack: String => &pack,
        kit: String => &kit,
        present: Vec<String> => &present,
        missing: Vec<String> => &missing,
        reason: Option<String> => reason,
        claim: Claim => claim
    ) -> Vec<KitView>;
    /// Takes the tablet back.
    end_handover(visit: String => &visit, pin: String => &pin) -> VisitView;
    /// Imports what was previewed.
    import_commit(token: String => &token) -> ImportDone;
    /// 临时工单
    new_temporary_order(order: TemporaryOrder => &order) -> String;
    /// Both copies of the ticket.
    ticket(visit: String => &visit) -> TicketFile;
    /// Saves the ticket; tells where.
    save_ticket(visit: String => &visit) -> String;
    /// Prints the ticket.
    print_ticket(visit: String => &visit) -> ();
    /// What a move to another version of the standard changes.
    pack_changes(visit: String => &visit) -> PackMoveView;
    /// Goes on under that version.
    move_pack(visit: String => &visit, hash: String => &hash) -> VisitView;
    /// The standards on this tablet.
    pack_shelf() -> PackShelf;
    /// A standard as the technician sees it.
    preview(ask: PreviewAsk => &ask) -> PreviewView;
    /// Where the technician was.
    place(visit: String => &visit) -> Option<String>;
    /// Remembers it.
    remember_place(visit: String => &visit, place: String => &place) -> ();
    /// What lies on this tablet.
    storage_status() -> StorageStatus;
    /// A page of the open issues.
    issues(query: FollowQuery => &query) -> IssuePage;
    /// A page of the follow-up plans.
    plans(query: FollowQuery => &query) -> PlanPage;
    /// What an issue's form begins with.
    issue_draft(source: IssueSource => &source) -> IssueDraft;
    /// Raises an issue.
    raise_issue(issue: NewIssue => &issue) -> IssueView;
    /// Does one thing about an issue.
    act_on_issue(issue: String => &issue, command: IssueCommand => &command) -> IssueView;
    /// Makes a plan.
    make_plan(plan: NewPlan => &plan) -> Vec<PlanView>;
    /// Does one thing about a plan.
    act_on_plan(plan: String => &plan, command: PlanCommand => &command) -> PlanView;
    /// The whole number behind an issue or a plan.
    follow_phone(stream: String => &stream) -> PhoneReveal;
}

/// A picture or thumbnail, as bytes.
#[tauri::command(async)]
#[tracing::instrument(skip_all)]
pub(crate) fn photo(app: State<'_, App>, visit: String, sha256: String) -> Answer<Response> {
    app.photo(&visit, &sha256)
        .map(Response::new)
        .map_err(AppError::told)
}

/// Takes a picture in: the file is the body, visit and target are headers.
#[tauri::command(async)]
#[tracing::instrument(skip_all)]
pub(crate) fn add_photo(app: State<'_, App>, request: Request<'_>) -> Answer<VisitView> {
    let visit = header(&request, "visit")?;
    let target: PhotoTarget = serde_json::from_str(&header(&request, "target")?)
        .map_err(|_| Refusal::new(Code::BadRequest))?;
    app.add_photo(&visit, &target, body(&request)?)
        .map_err(AppError::told)
}

/// Reads a standard that is being written: the file is the body, its name a header.
#[tauri::command(async)]
#[tracing::instrument(skip_all)]
pub(crate) fn read_draft(app: State<'_, App>, request: Request<'_>) -> Answer<DraftPack> {
    let name = header(&request, "name")?;
    app.read_draft(&name, body(&request)?)
        .map_err(AppError::told)
}

/// Reads a work-order file: the file is the body, its name a header.
#[tauri::command(async)]
#[tracing::instrument(skip_all)]
pub(crate) fn import_preview(app: State<'_, App>, request: Request<'_>) -> Answer<ImportPreview> {
    let name = header(&request, "name")?;
    app.import_preview(&name, body(&request)?)
        .map_err(AppError::told)
}

fn body<'a>(request: &'a Request<'_>) -> Answer<&'a [u8]> {
    match request.body() {
        InvokeBody::Raw(bytes) => Ok(bytes),
        InvokeBody::Json(_) => Err(Code::BadRequest.into()),
    }
}

/// A percent-encoded header.
fn header(request: &Request<'_>, name: &str) -> Answer<String> {
    let value = request.headers().get(name).and_then(|v| v.to_str().ok());
    let value = value.ok_or_else(|| Refusal::new(Code::BadRequest))?;
    let decoded = percent_encoding::percent_decode_str(value).decode_utf8();
    decoded
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| Code::BadRequest.into())
}
