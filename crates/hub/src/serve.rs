//! `doorstep-hub serve`.

use crate::commands::Failure;
use crate::machine;
use doorstep_hub::http::{Rates, Shared, serve};
use doorstep_hub::{Call, Hub};
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// Opens the hub and serves it until the system says stop.
pub(crate) fn run(data: &Path, listen: SocketAddr) -> Result<(), Failure> {
    let level = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(level)
        .with_ansi(false)
        .with_writer(std::io::stderr)
        .init();
    let hub = Hub::open(data, &machine::call()?).map_err(Failure::hub)?;
    let shared = Shared::new(hub, Arc::new(clock), Rates::default());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime
        .map_err(|e| Failure::new("服务器无法启动。", "The server cannot start.").caused(e))?;
    runtime.block_on(async {
        let listener = TcpListener::bind(listen)
            .await
            .map_err(|e| taken(listen, e))?;
        let address = listener.local_addr().map_err(|e| taken(listen, e))?;
        let mut console = std::io::stdout();
        // without a console the hub serves all the same
        writeln!(console, "服务器 Server: http://{address}").ok();
        console.flush().ok();
        let ended = serve(listener, shared, stop()).await;
        ended.map_err(|e| Failure::new("服务器停止了。", "The server stopped.").caused(e))
    })
}

fn taken(listen: SocketAddr, error: std::io::Error) -> Failure {
    Failure::new(
        &format!("地址 {listen} 用不了，可能已被占用。"),
        &format!("The address {listen} cannot be used; something else may listen there."),
    )
    .caused(error)
}

/// The clock of every request. Without randomness no token and no id would be safe: the request is dropped with its task.
fn clock() -> Call {
    match machine::call() {
        Ok(call) => call,
        Err(failure) => {
            tracing::error!(%failure, "no randomness");
            std::process::exit(1)
        }
    }
}

/// Done when the system or the console asks the hub to stop.
async fn stop() {
    let interrupted = async {
        // where the console cannot ask, the system still can
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    };
    tokio::select! {
        () = interrupted => {}
        () = terminated() => {}
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            terminate.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}
